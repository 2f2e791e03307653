import { Button } from '@mantine/core'
import { useI18n } from './i18n'

type Props = { submit: string; busy?: boolean; disabled?: boolean; onCancel?: () => void; danger?: boolean }

/** The end of a form: leave it, or send it. */
export function FormButtons({ submit, busy, disabled, onCancel, danger = false }: Props) {
  const { t } = useI18n()
  return (
    <div className="row" style={{ justifyContent: 'end' }}>
      {onCancel && (
        <Button variant="default" onClick={onCancel}>
          {t('web.cancel')}
        </Button>
      )}
      <Button type="submit" color={danger ? 'rose' : 'river'} loading={busy} disabled={disabled}>
        {submit}
      </Button>
    </div>
  )
}
