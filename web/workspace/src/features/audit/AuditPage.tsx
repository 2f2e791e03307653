import { Button, Modal, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { api, body, type Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'

type Event = Schema['AuditEvent']
const route = getRouteApi('/house/audit')
const NONE: Event[] = []

/** The filter as the API takes it: days become the instants at which they begin and end. */
function filterOf({ from, to, ...rest }: ReturnType<typeof route.useSearch>) {
  const nextDay = to && new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString()
  return { ...rest, ...(from && { from: `${from}T00:00:00Z` }), ...(nextDay && { to: nextDay }) }
}

const trailQuery = (query: ReturnType<typeof filterOf>, cursor?: string) =>
  queryOptions({
    queryKey: ['audit', query, cursor],
    queryFn: () => body(api.GET('/api/v1/audit-events', { params: { query: { ...query, cursor, limit: 50 } } })),
    placeholderData: keepPreviousData,
  })

const unitsQuery = queryOptions({ queryKey: ['units'], queryFn: () => body(api.GET('/api/v1/units')) })

/** Who did what, for which unit, and when. */
export function AuditPage() {
  const { t } = useI18n()
  const session = useSession()
  const filter = filterOf(route.useSearch())
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(trailQuery(filter, cursors.cursor))
  const [shown, setShown] = useState<Event>()
  const columns = useColumns(setShown)
  return (
    <>
      <PageHead
        title={t('web.audit.nav')}
        lead={t('web.audit.lead')}
        acts={
          may(session, 'audit-event:export') && (
            <Button
              component="a"
              download
              variant="default"
              href={`/api/v1/audit-events/export?${new URLSearchParams(filter)}`}
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t('web.export.csv')}
            </Button>
          )
        }
      />
      <Panel>
        <Filters />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.audit.nav')}
          busy={isFetching}
          empty={<Empty title={t('web.list.nothing-found')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
      {shown && <Details event={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}

function useColumns(onShow: (event: Event) => void): Column<Event>[] {
  const { t, text, deed, instant } = useI18n()
  const session = useSession()
  const { data: units } = useQuery({ ...unitsQuery, enabled: may(session, 'unit:read') })
  return useMemo(() => {
    const unitName = (slug: string) => text(units?.items.find((u) => u.slug === slug)?.names) || slug
    return [
      { id: 'at', header: t('web.audit.at'), tight: true, cell: (r) => instant(r.at) },
      {
        id: 'actor',
        header: t('web.audit.actor'),
        cell: (r) => (
          <>
            <bdi>{r.actorName}</bdi>
            {r.unit && (
              <div className="soft small">
                <bdi>{unitName(r.unit)}</bdi>
              </div>
            )}
          </>
        ),
      },
      {
        id: 'action',
        header: t('web.audit.action'),
        tight: true,
        cell: (r) => (
          <>
            {deed(r.action)}
            <div className="mono soft small">
              <bdi>{r.action}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'object',
        header: t('web.audit.object'),
        cell: (r) => (
          <bdi className="mono small">
            {r.objectKind} {r.objectId}
          </bdi>
        ),
      },
      {
        id: 'details',
        header: t('web.audit.details'),
        tight: true,
        cell: (r) =>
          (r.before || r.after) && (
            <Button size="compact-sm" variant="default" onClick={() => onShow(r)}>
              {t('web.look')}
            </Button>
          ),
      },
    ]
  }, [t, text, deed, instant, units, onShow])
}

function Filters() {
  const { t } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <form
      key={JSON.stringify(search)}
      className="toolbar"
      onSubmit={(e) => {
        e.preventDefault()
        const said = [...new FormData(e.currentTarget)].filter(([, value]) => value !== '')
        void navigate({ search: Object.fromEntries(said) as typeof search })
      }}
    >
      <TextInput type="date" name="from" label={t('web.audit.from')} defaultValue={search.from} />
      <TextInput type="date" name="to" label={t('web.audit.to')} defaultValue={search.to} />
      <TextInput
        name="action"
        dir="ltr"
        label={t('web.audit.action')}
        placeholder="registration."
        defaultValue={search.action}
      />
      <TextInput
        name="objectKind"
        dir="ltr"
        label={t('web.audit.kind')}
        placeholder="dossier"
        defaultValue={search.objectKind}
      />
      <TextInput name="objectId" dir="ltr" label={t('web.audit.object-id')} defaultValue={search.objectId} />
      <Button type="submit">{t('web.audit.show')}</Button>
    </form>
  )
}

const shownAs = (x: unknown) => (x === undefined ? '—' : JSON.stringify(x, null, 2))

function Details({ event: e, onClose }: { event: Event; onClose: () => void }) {
  const { t, deed, instant } = useI18n()
  return (
    <Modal opened size="xl" onClose={onClose} title={deed(e.action)}>
      <div className="stack">
        <p className="soft small">
          <bdi>{e.actorName}</bdi> · {instant(e.at)} · <bdi className="mono">{e.action}</bdi> ·{' '}
          <span className="mono">{e.requestId}</span>
        </p>
        {(['before', 'after'] as const).map((when) => (
          <section key={when} className="stack tight">
            <h3>{t(`web.audit.${when}`)}</h3>
            <pre className="quote mono prewrap small">{shownAs(e[when])}</pre>
          </section>
        ))}
      </div>
    </Modal>
  )
}
