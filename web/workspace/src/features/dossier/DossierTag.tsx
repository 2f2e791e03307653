import { useI18n } from '../../ui/i18n'
import { Tag, type Tone } from '../../ui/Tag'

const TONES: Record<string, Tone> = {
  issued: 'ok',
  'in-review': 'warn',
  collecting: 'info',
  translating: 'info',
  withdrawn: 'bad',
}

export function DossierTag({ status }: { status: string }) {
  const { word } = useI18n()
  return <Tag tone={TONES[status]}>{word('dossier.status.', status)}</Tag>
}
