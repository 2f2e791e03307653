import { Button, Modal, Progress } from '@mantine/core'
import { IconDownload, IconEye } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTask } from '../../api/task'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Build, build, buildsQuery, type Dossier, fileLink } from './queries'

/** The papers: build a draft, follow the press, look at them, take them away. */
export function Builds({ dossier }: { dossier: Dossier }) {
  const { t, word } = useI18n()
  const queries = useQueryClient()
  const refused = useRefused()
  const { data } = useQuery(buildsQuery(dossier.id))
  const refresh = () => queries.invalidateQueries({ queryKey: ['dossiers', dossier.id] })
  const start = useMutation({ mutationFn: () => build(dossier.id), onSuccess: refresh, onError: refused })
  return (
    <Panel
      title={t('web.dossier.papers')}
      aside={
        dossier.allowed.includes('build') && (
          <Button size="compact-md" loading={start.isPending} onClick={() => start.mutate()}>
            {word('dossier.act.', 'build')}
          </Button>
        )
      }
    >
      {data?.items.length === 0 && <p className="soft">{t('web.dossier.noPapers')}</p>}
      {(data?.items ?? []).slice(0, 5).map((b) => (
        <BuildView key={b.id} dossier={dossier.id} made={b} onFinished={() => void refresh()} />
      ))}
    </Panel>
  )
}

function BuildView({ dossier, made, onFinished }: { dossier: string; made: Build; onFinished: () => void }) {
  const { t, word, instant, bytes, language } = useI18n()
  const refused = useRefused()
  const task = useTask(made.builtAt ? '' : (made.taskId ?? ''), onFinished)
  const [shown, setShown] = useState<{ url: string; name: string }>()
  const open = async (name: string, how: 'inline' | 'attachment') => {
    try {
      const url = await fileLink(dossier, made.id, name, how)
      if (how === 'inline') setShown({ url, name })
      else window.location.assign(url)
    } catch (e) {
      refused(e)
    }
  }
  return (
    <article style={{ marginBlockEnd: 16 }}>
      <p>
        <bdi>{made.number}</bdi>{' '}
        <Tag tone={made.official ? 'ok' : 'plain'}>
          {made.official ? t('web.dossier.official') : t('web.dossier.draft')}
        </Tag>{' '}
        <span className="soft">{instant(made.createdAt)}</span>
      </p>
      {!made.builtAt && task && (
        <div role="status">
          <p className="soft">
            {task.status === 'failed'
              ? (task.problem?.title ?? t('web.dossier.failed'))
              : task.step
                ? word('', task.step)
                : word('task.status.', task.status)}
          </p>
          {task.status !== 'failed' && (
            <Progress
              value={task.total ? (task.done / task.total) * 100 : 5}
              animated
              aria-label={t('web.dossier.papers')}
            />
          )}
        </div>
      )}
      <ul className="list">
        {made.files.map((f) => (
          <li key={f.name}>
            <span>{f.language ? language(f.language) : t('web.dossier.package')}</span>
            <span className="soft">{bytes(f.size)}</span>
            <span className="end row">
              {f.mediaType === 'application/pdf' && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  leftSection={<IconEye size={16} aria-hidden />}
                  onClick={() => void open(f.name, 'inline')}
                  aria-label={`${t('web.preview')} ${f.name}`}
                >
                  {t('web.preview')}
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<IconDownload size={16} aria-hidden />}
                onClick={() => void open(f.name, 'attachment')}
                aria-label={`${t('web.download')} ${f.name}`}
              >
                {t('web.download')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {shown && (
        <Modal opened size="90%" title={shown.name} onClose={() => setShown(undefined)}>
          <iframe src={shown.url} title={shown.name} style={{ inlineSize: '100%', blockSize: '75vh', border: 0 }} />
        </Modal>
      )}
    </article>
  )
}
