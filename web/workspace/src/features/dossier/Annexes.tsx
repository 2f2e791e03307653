import { Button, FileButton, NativeSelect, Progress } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { upload } from '../../api/upload'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { useRefused } from '../../ui/ProblemAlert'
import { type Dossier, update } from './queries'

const KINDS = ['test-report', 'registration-certificate', 'other'] as const

/** Documents that go with the dossier: uploaded here, straight to the store. */
export function Annexes({
  dossier,
  etag,
  onChanged,
}: {
  dossier: Dossier
  etag: string
  onChanged: () => Promise<void>
}) {
  const { t, word, text, percent, locale } = useI18n()
  const refused = useRefused()
  const [kind, setKind] = useState<string>(KINDS[0])
  const [share, setShare] = useState<number>()
  const add = useMutation({
    mutationFn: async (file: File) => {
      const doc = await upload(file, (_, s) => setShare(s), { purpose: 'dossier-annex' })
      await update(dossier.id, etag, {
        annexes: [...dossier.annexes, { documentId: doc.id, kind, title: { [locale]: file.name } }],
      })
    },
    onSuccess: onChanged,
    onError: refused,
    onSettled: () => setShare(undefined),
  })
  const remove = useMutation({
    mutationFn: (id: string) =>
      update(dossier.id, etag, { annexes: dossier.annexes.filter((a) => a.documentId !== id) }),
    onSuccess: onChanged,
    onError: refused,
  })
  const may = dossier.allowed.includes('update')
  return (
    <div id="annexes">
      <Panel title={t('paper.annexes')}>
        {dossier.annexes.length === 0 && <p className="soft">{t('paper.noAnnexes')}</p>}
        <ul className="list">
          {dossier.annexes.map((a) => (
            <li key={a.documentId}>
              <bdi>{text(a.title) || a.documentId}</bdi> <span className="soft">{word('annex.kind.', a.kind)}</span>
              {may && (
                <Button
                  className="end"
                  size="compact-sm"
                  variant="subtle"
                  color="rose"
                  onClick={() => remove.mutate(a.documentId)}
                >
                  {t('web.remove')}
                </Button>
              )}
            </li>
          ))}
        </ul>
        {may && (
          <div className="toolbar" style={{ marginBlockStart: 12 }}>
            <NativeSelect
              aria-label={t('web.registration.kind')}
              value={kind}
              onChange={(e) => setKind(e.currentTarget.value)}
              data={KINDS.map((k) => ({ value: k, label: word('annex.kind.', k) }))}
            />
            <FileButton onChange={(f) => f && add.mutate(f)}>
              {(props) => (
                <Button variant="default" loading={add.isPending} {...props}>
                  {t('web.upload')}
                </Button>
              )}
            </FileButton>
          </div>
        )}
        {share !== undefined && <Progress value={share * 100} aria-label={percent(share)} />}
      </Panel>
    </div>
  )
}
