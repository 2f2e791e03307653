import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, body, queryClient, type Schema } from '../../api/client'
import { useTask } from '../../api/task'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { TaskProgress } from '../../ui/TaskProgress'
import { ImportChoose } from './ImportChoose'
import { ImportMapper } from './ImportMapper'
import { ImportRows } from './ImportRows'
import { type Import, importQuery } from './imports'

const route = getRouteApi('/house/registrations/import')
const TONE: Record<Import['status'], Tone> = {
  reading: 'info',
  unmapped: 'warn',
  ready: 'warn',
  writing: 'info',
  done: 'ok',
  failed: 'bad',
  cancelled: 'plain',
}

/** What rows become, and where that is. */
const PLACES = {
  registrations: {
    title: 'web.import.title',
    lead: 'web.import.lead',
    list: '/registrations',
    back: 'web.registrations.nav',
  },
  'earlier-marks': {
    title: 'web.import.marks',
    lead: 'web.import.marks-lead',
    list: '/earlier-marks',
    back: 'web.marks.nav',
  },
  'mark-producers': {
    title: 'web.import.producers',
    lead: 'web.import.producers-lead',
    list: '/mark-producers',
    back: 'web.producers.nav',
  },
  members: { title: 'web.members.import', lead: 'web.import.members-lead', list: '/members', back: 'web.members.nav' },
} as const

/** A file becomes registrations in three steps: choose it, look at the fate of each row, commit. */
export function ImportPage() {
  const { t } = useI18n()
  const { id } = route.useSearch()
  const target = useQuery({ ...importQuery(id ?? ''), enabled: id !== undefined }).data?.target
  const { title, lead, list, back } = PLACES[target ?? 'registrations']
  return (
    <>
      <PageHead
        title={t(title)}
        lead={t(lead)}
        crumb={
          <Link to={list} className="crumb">
            <Back>{t(back)}</Back>
          </Link>
        }
      />
      {id ? <Chosen key={id} id={id} /> : <Choose />}
    </>
  )
}

function Choose() {
  const navigate = route.useNavigate()
  return <ImportChoose onBegun={({ id }) => void navigate({ search: { id } })} />
}

function Chosen({ id }: { id: string }) {
  const { t, word } = useI18n()
  const { data, error, refetch } = useQuery(importQuery(id))
  const again = async () => {
    await refetch()
    await queryClient.invalidateQueries({ queryKey: ['registration-import-rows', id] })
    // The lists that it wrote to are read anew: their queries begin with its target.
    await queryClient.invalidateQueries({ queryKey: [data?.target ?? 'registrations'] })
  }
  const task = useTask(data?.taskId ?? '', () => void again())
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return null
  const going = data.status === 'reading' || data.status === 'writing'
  return (
    <div className="stack">
      <Panel
        title={t('web.import.file-read')}
        aside={<Tag tone={TONE[data.status]}>{word('web.import.status.', data.status)}</Tag>}
      >
        <div className="stack">
          {task && (going || task.status === 'failed') && <TaskProgress task={task} />}
          <ReadAs of={data} />
          {data.status !== 'unmapped' && <Counts counts={data.counts} />}
          {data.status !== 'unmapped' && data.unknownColumns.length > 0 && (
            <p className="quote">{t('web.import.unknown-columns', { Columns: data.unknownColumns.join(', ') })}</p>
          )}
          <Acts of={data} />
        </div>
      </Panel>
      {data.allowed.includes('map') && <Columns of={data} />}
      {data.counts.rows > 0 && data.status !== 'reading' && <ImportRows of={data} />}
    </div>
  )
}

/** The columns: open while nothing can be read without them, else behind a button. */
function Columns({ of }: { of: Import }) {
  const { t } = useI18n()
  const [open, setOpen] = useState(of.unknownColumns.length > 0)
  if (of.columns.length === 0) return null
  if (of.status === 'unmapped' || open) return <ImportMapper key={of.taskId} of={of} onMapped={() => setOpen(false)} />
  return (
    <div>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('web.import.columns-show')}
      </Button>
    </div>
  )
}

function ReadAs({ of }: { of: Import }) {
  const { t, word } = useI18n()
  if (!of.source) return null
  return (
    <dl className="facts">
      <dt>{t('web.import.form')}</dt>
      <dd>{word('web.import.source.', of.source)}</dd>
      {of.encoding && (
        <>
          <dt>{t('web.import.encoding')}</dt>
          <dd>
            <bdi>{of.encoding}</bdi>
          </dd>
        </>
      )}
    </dl>
  )
}

function Acts({ of }: { of: Import }) {
  const { t } = useI18n()
  const refused = useRefused()
  const kept = (i: Import) => {
    queryClient.setQueryData(importQuery(of.id).queryKey, i)
  }
  const path = { params: { path: { id: of.id } } }
  const commit = useMutation({
    mutationFn: () => body(api.POST('/api/v1/registration-imports/{id}/commit', path)),
    onSuccess: kept,
    onError: refused,
  })
  const cancel = useMutation({
    mutationFn: () => body(api.POST('/api/v1/registration-imports/{id}/cancel', path)),
    onSuccess: kept,
    onError: refused,
  })
  const ended = of.status === 'done' || of.status === 'failed' || of.status === 'cancelled'
  return (
    <div className="row">
      {of.allowed.includes('commit') && (
        <Button loading={commit.isPending} disabled={of.counts.error > 0} onClick={() => commit.mutate()}>
          {t('web.import.commit')}
        </Button>
      )}
      {of.allowed.includes('cancel') && (
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t('web.import.cancel')}
        </Button>
      )}
      {ended && of.target === 'registrations' && (
        <LinkButton to="/registrations/import" search={{}} variant="default">
          {t('web.import.another')}
        </LinkButton>
      )}
      {of.status === 'done' && (
        <LinkButton to={PLACES[of.target].list}>
          {of.target === 'registrations' ? t('web.import.look') : t(PLACES[of.target].back)}
        </LinkButton>
      )}
    </div>
  )
}

const FATES = ['new', 'changed', 'same', 'duplicate', 'error'] as const

function Counts({ counts }: { counts: Schema['ImportCounts'] }) {
  const { t, word, number } = useI18n()
  return (
    <dl className="facts">
      <dt>{t('web.import.rows')}</dt>
      <dd className="nums">{number(counts.rows)}</dd>
      {FATES.map((f) => (
        <div key={f} style={{ display: 'contents' }}>
          <dt>{word('web.import.fate.', f)}</dt>
          <dd className="nums">{number(counts[f])}</dd>
        </div>
      ))}
      <dt>{t('web.import.corrected')}</dt>
      <dd className="nums">{number(counts.corrected)}</dd>
      <dt>{t('web.import.fate.refused')}</dt>
      <dd className="nums">{number(counts.refused)}</dd>
    </dl>
  )
}
