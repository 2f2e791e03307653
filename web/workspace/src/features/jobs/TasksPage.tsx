import { NativeSelect } from '@mantine/core'
import { keepPreviousData, queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, body, queryClient } from '../../api/client'
import { cancelTask, finished, type Task, useTask } from '../../api/task'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { TaskProgress } from '../../ui/TaskProgress'

const route = getRouteApi('/house/tasks')
const STATUSES: Task['status'][] = ['queued', 'running', 'succeeded', 'failed', 'cancelled']

const tasksQuery = (status: Task['status'] | undefined, cursor?: string) =>
  queryOptions({
    queryKey: ['tasks', 'list', status, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/tasks', { params: { query: { ...(status && { status }), cursor, limit: 25 } } })),
    placeholderData: keepPreviousData,
  })

/** Long work of the tenant, newest first; what goes on moves as one looks. */
export function TasksPage() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const status = STATUSES.find((s) => s === search.status)
  const cursors = useCursors(status ?? '')
  const { data, error, refetch } = useQuery(tasksQuery(status, cursors.cursor))
  return (
    <>
      <PageHead title={t('web.tasks.nav')} lead={t('web.tasks.lead')} />
      <Panel>
        <div className="toolbar">
          <NativeSelect
            label={t('web.task.status')}
            value={status ?? ''}
            onChange={(e) => {
              const chosen = e.currentTarget.value
              void navigate({ search: chosen ? { status: chosen } : {}, replace: true })
            }}
            data={[
              { value: '', label: t('web.list.all') },
              ...STATUSES.map((value) => ({ value, label: word('task.status.', value) })),
            ]}
          />
        </div>
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        {data?.items.length === 0 && <Empty title={t('web.notices.none')} />}
        <ul className="list">
          {data?.items.map((x) => (
            <Row key={x.id} task={x} />
          ))}
        </ul>
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
    </>
  )
}

function Row({ task }: { task: Task }) {
  const { t, word, instant } = useI18n()
  const refused = useRefused()
  const live = useTask(finished(task) ? '' : task.id) ?? task
  const stop = useMutation({
    mutationFn: () => cancelTask(task.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['tasks'] }),
    onError: refused,
  })
  return (
    <li>
      <b>{word('task.kind.', task.kind)}</b>
      {task.objectId && task.kind.startsWith('dossier.') && (
        <Link to="/dossiers/$id" params={{ id: task.objectId }} search={{ tab: 'papers' }}>
          {t('web.look')}
        </Link>
      )}
      {task.objectId && task.kind.startsWith('registration-import.') && (
        <Link to="/registrations/import" search={{ id: task.objectId }}>
          {t('web.look')}
        </Link>
      )}
      <span className="end soft small">
        <bdi>{task.createdByName}</bdi> · {instant(live.updatedAt)}
      </span>
      <div style={{ flexBasis: '100%' }}>
        <TaskProgress task={live} onCancel={() => stop.mutate()} />
      </div>
    </li>
  )
}
