import { Alert, Skeleton } from '@mantine/core'
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { api, body, type Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { finished } from '../../api/task'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import { TaskProgress } from '../../ui/TaskProgress'
import { CaseTasks } from './CaseTasks'
import { ExchangeNotices } from './ExchangeNotices'

/** It comes after the first view: few have something to do in it. */
const PromotionTasks = lazy(() => import('./PromotionTasks').then((m) => ({ default: m.PromotionTasks })))

/** The statuses of a registration's life, those in which somebody waits for the register first. */
const STATUSES: Schema['RegistrationStatus'][] = ['draft', 'filed', 'examined', 'published', 'opposed', 'registered']
const OPEN: Schema['DossierStatus'][] = ['draft', 'collecting', 'translating', 'in-review']
const MANY = 50

const byStatusQuery = (status: Schema['RegistrationStatus']) =>
  queryOptions({
    queryKey: ['registrations', 'home', status],
    queryFn: () => body(api.GET('/api/v1/registrations', { params: { query: { status, limit: MANY } } })),
  })
const openQuery = (status: Schema['DossierStatus']) =>
  queryOptions({
    queryKey: ['dossiers', 'home', status],
    queryFn: () => body(api.GET('/api/v1/dossiers', { params: { query: { status, limit: 4 } } })),
  })
const dossierQuery = (id: string) =>
  queryOptions({
    queryKey: ['dossiers', 'home-one', id],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })),
  })
const tasksQuery = queryOptions({
  queryKey: ['tasks', 'recent'],
  queryFn: () => body(api.GET('/api/v1/tasks', { params: { query: { limit: 8 } } })),
})
const keysQuery = queryOptions({
  queryKey: ['signing-keys'],
  queryFn: () => body(api.GET('/api/v1/signing-keys')),
})
/** A signing key that ends within this time is called to attention: partners who verify offline need the next one. */
const SOON = 60 * 86_400_000
const trailQuery = queryOptions({
  queryKey: ['audit', 'home'],
  queryFn: () => body(api.GET('/api/v1/audit-events', { params: { query: { limit: 8 } } })),
})

/** What needs doing, and what was done of late. */
export function HomePage() {
  const { t } = useI18n()
  const session = useSession()
  return (
    <>
      <PageHead
        title={t('web.home.greeting', { Name: session.name })}
        lead={t('web.home.lead')}
        acts={may(session, 'dossier:create') && <LinkButton to="/dossiers/new">{t('web.dossier.new')}</LinkButton>}
      />
      {may(session, 'signing-key:read') && <EndingKeys />}
      <div className="grid">
        <div className="stack w7">
          {may(session, 'case-task:read') && <CaseTasks />}
          {may(session, 'promotion-programme:read') && (
            <Suspense>
              <PromotionTasks />
            </Suspense>
          )}
          {may(session, 'dossier:read') && <OpenDossiers />}
          {may(session, 'registration:read') && <ByStatus />}
        </div>
        <div className="stack w5">
          <ExchangeNotices />
          {may(session, 'task:read') && <Going />}
          {may(session, 'audit-event:read') && <Trail />}
        </div>
      </div>
    </>
  )
}

function EndingKeys() {
  const { t, instant } = useI18n()
  const { data } = useQuery(keysQuery)
  const ending = (data?.items ?? []).filter((k) => !k.retiredAt && Date.parse(k.expiresAt) - Date.now() < SOON)
  return ending.map((k) => (
    <Alert key={k.id} color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
      {t('web.home.key-ends', { Name: k.id, Day: instant(k.expiresAt) })} <Link to="/keys">{t('web.keys.nav')}</Link>
    </Alert>
  ))
}

function OpenDossiers() {
  const { t, word, market } = useI18n()
  const lists = useQueries({ queries: OPEN.map(openQuery) })
  const items = lists.flatMap((l) => l.data?.items ?? []).slice(0, 6)
  const full = useQueries({ queries: items.map((d) => dossierQuery(d.id)) })
  const waiting = lists.some((l) => l.isPending)
  return (
    <Panel title={t('web.home.dossiers')} aside={<Link to="/dossiers">{t('web.home.all')}</Link>}>
      {waiting && <Skeleton h={120} />}
      {!waiting && items.length === 0 && <Empty title={t('web.home.no-dossiers')} />}
      <ul className="list">
        {items.map((d, i) => {
          const c = full[i]?.data?.completeness
          return (
            <li key={d.id}>
              <Link to="/dossiers/$id" params={{ id: d.id }}>
                <bdi>{d.registrationName}</bdi> · {market(d.market)}
              </Link>
              <span className="end">
                <Tag tone={c?.ready ? 'ok' : 'warn'}>
                  {c?.ready ? t('web.dossier.ready') : word('dossier.status.', d.status)}
                </Tag>
              </span>
              {c && (
                <span className="sub stack tight">
                  {t('web.dossier.met', { Met: c.met, Total: c.total })}
                  <Gauge met={c.met} total={c.total} />
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

const Gauge = ({ met, total }: { met: number; total: number }) => (
  <span className="gauge" data-full={met === total || undefined}>
    <span style={{ inlineSize: `${total ? (met / total) * 100 : 0}%` }} />
  </span>
)

function ByStatus() {
  const { t, word, number } = useI18n()
  const lists = useQueries({ queries: STATUSES.map(byStatusQuery) })
  const known = lists.flatMap(({ data }, i) => {
    const status = STATUSES[i]
    return status && data?.items.length ? [{ status, count: data.items.length, more: data.next !== undefined }] : []
  })
  const waiting = lists.some((l) => l.isPending)
  return (
    <Panel title={t('web.home.registrations')} aside={<Link to="/registrations">{t('web.home.all')}</Link>}>
      {waiting && <Skeleton h={120} />}
      {!waiting && known.length === 0 && <Empty title={t('web.registrations.empty')} />}
      <ul className="list">
        {known.map(({ status, count, more }) => (
          <li key={status}>
            <Link to="/registrations" search={{ status }}>
              {word('registration.status.', status)}
            </Link>
            <span className="end nums">
              {number(count)}
              {more && '+'}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Going() {
  const { t, word, instant } = useI18n()
  const { data } = useQuery(tasksQuery)
  const items = data?.items ?? []
  const shown = [...items.filter((x) => !finished(x)), ...items.filter(finished)].slice(0, 4)
  return (
    <Panel title={t('web.home.tasks')} aside={<Link to="/tasks">{t('web.home.all')}</Link>}>
      {data && shown.length === 0 && <p className="soft">{t('web.notices.none')}</p>}
      <ul className="list">
        {shown.map((x) => (
          <li key={x.id}>
            <span>{word('task.kind.', x.kind)}</span>
            <span className="end soft small">{instant(x.updatedAt)}</span>
            <div style={{ flexBasis: '100%' }}>
              <TaskProgress task={x} />
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Trail() {
  const { t, deed, instant } = useI18n()
  const { data } = useQuery(trailQuery)
  return (
    <Panel title={t('web.home.audit')} aside={<Link to="/audit">{t('web.home.all')}</Link>}>
      <ol className="timeline">
        {(data?.items ?? []).map((e) => (
          <li key={e.id}>
            <bdi>{deed(e.action)}</bdi>
            <p className="soft small">
              <bdi>{e.actorName}</bdi> · {instant(e.at)}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
