import { Button, Skeleton } from '@mantine/core'
import { IconDownload, IconEye, IconPrinter } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cancelTask, finished, useTask } from '../../api/task'
import { useI18n } from '../../ui/i18n'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { TaskProgress } from '../../ui/TaskProgress'
import { type Build, build, buildsQuery, changed, type Dossier, fileLink } from './queries'

type Shown = { build: string; file: string; url: string }

/** The papers that were made: a build at a time, its files to look at and to take away. */
export function PapersPanel({ dossier: d }: { dossier: Dossier }) {
  const { t, word } = useI18n()
  const refused = useRefused()
  const { data, error } = useQuery(buildsQuery(d.id))
  const [shown, setShown] = useState<Shown>()
  const begin = useMutation({ mutationFn: () => build(d.id), onSuccess: () => changed(), onError: refused })
  const look = useMutation({
    mutationFn: async (what: { build: string; file: string }) => {
      const { url } = await fileLink(d.id, what.build, what.file, 'inline')
      return { ...what, url }
    },
    onSuccess: setShown,
    onError: refused,
  })
  return (
    <div className="grid">
      <div className={shown ? 'stack w5' : 'stack w12'}>
        <Panel
          title={t('web.dossier.tab.papers')}
          aside={
            d.allowed.includes('build') && (
              <Button
                loading={begin.isPending}
                leftSection={<IconPrinter size={16} aria-hidden />}
                onClick={() => begin.mutate()}
              >
                {word('dossier.act.', 'build')}
              </Button>
            )
          }
        >
          <ProblemAlert error={error} />
          {!data && !error && <Skeleton h={160} />}
          {data?.items.length === 0 && <Empty title={t('web.papers.none')} />}
          <div className="stack">
            {data?.items.map((b) => (
              <Built key={b.id} build={b} shown={shown} onLook={(file) => look.mutate({ build: b.id, file })} />
            ))}
          </div>
        </Panel>
      </div>
      {shown && <Preview shown={shown} onClose={() => setShown(undefined)} />}
    </div>
  )
}

function Preview({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const { t } = useI18n()
  return (
    <div className="w7">
      <Panel
        title={shown.file}
        aside={
          <Button size="compact-sm" variant="default" onClick={onClose}>
            {t('web.close')}
          </Button>
        }
      >
        <iframe key={shown.url} className="preview" src={shown.url} title={t('web.preview', { Name: shown.file })} />
      </Panel>
    </div>
  )
}

type BuiltProps = { build: Build; shown?: Shown; onLook: (file: string) => void }

function Built({ build: b, shown, onLook }: BuiltProps) {
  const { t, instant, bytes, language } = useI18n()
  const refused = useRefused()
  const going = !b.builtAt && b.taskId !== undefined
  const task = useTask(going ? (b.taskId ?? '') : '', () => void changed())
  const stop = useMutation({ mutationFn: () => cancelTask(b.taskId ?? ''), onError: refused })
  const take = useMutation({
    mutationFn: (file: string) => fileLink(b.dossierId, b.id, file, 'attachment'),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: refused,
  })
  return (
    <section className="stack tight" aria-label={b.number}>
      <div className="row">
        <Tag tone={b.official ? 'ok' : 'plain'}>{t(b.official ? 'web.papers.official' : 'web.papers.draft')}</Tag>
        <bdi className="mono">{b.number}</bdi>
        <span className="end soft small">{instant(b.builtAt ?? b.createdAt)}</span>
      </div>
      {task && (going || !finished(task)) && <TaskProgress task={task} onCancel={() => stop.mutate()} />}
      <ul className="list">
        {b.files.map((f) => (
          <li key={f.name}>
            <bdi>{f.language ? language(f.language) : t('web.papers.package')}</bdi>
            <span className="end row">
              {f.mediaType === 'application/pdf' && (
                <Button
                  size="compact-sm"
                  variant={shown?.build === b.id && shown.file === f.name ? 'light' : 'default'}
                  leftSection={<IconEye size={15} aria-hidden />}
                  aria-label={t('web.preview', { Name: f.name })}
                  onClick={() => onLook(f.name)}
                >
                  {t('web.look')}
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={15} aria-hidden />}
                aria-label={t('web.download-file', { Name: f.name })}
                onClick={() => take.mutate(f.name)}
              >
                {t('web.download')}
              </Button>
            </span>
            <span className="sub">
              <bdi>{f.name}</bdi> · {bytes(f.size)} · <span className="mono">{f.sha256.slice(0, 16)}…</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
