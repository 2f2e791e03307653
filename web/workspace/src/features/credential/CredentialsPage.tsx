import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Credential, credentialsQuery, type Filter, KINDS, oneOf, RECORDS, STATUS, STATUSES } from './queries'

const route = getRouteApi('/house/credentials')
const NONE: Credential[] = []

/** What this tenant attested, and whether it still holds. */
export function CredentialsPage() {
  const { t } = useI18n()
  const search = route.useSearch()
  const kind = oneOf(KINDS, search.kind)
  const status = oneOf(STATUSES, search.status)
  const filter: Filter = {
    ...(kind && { kind }),
    ...(status && { status }),
    ...(search.recordId && { recordId: search.recordId }),
  }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(credentialsQuery(filter, cursors.cursor))
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('web.credentials.nav')} lead={t('web.credentials.lead')} />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.credentials.nav')}
          busy={isFetching}
          whole={cursors.page === 1 && !data?.next}
          empty={<Empty title={t(Object.keys(filter).length ? 'web.list.nothing-found' : 'web.credentials.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
    </>
  )
}

function useColumns(): Column<Credential>[] {
  const { t, word, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'number',
        header: t('web.credential.number'),
        by: (r) => r.number,
        cell: (r) => (
          <Link to="/credentials/$id" params={{ id: r.id }}>
            <bdi className="mono">{r.number}</bdi>
          </Link>
        ),
      },
      {
        id: 'record',
        header: t('web.credential.record'),
        by: (r) => r.title,
        cell: (r) => {
          const kind = oneOf(KINDS, r.kind)
          return (
            <>
              {kind ? (
                <Link to={RECORDS[kind]} params={{ id: r.recordId }}>
                  <bdi>{r.title}</bdi>
                </Link>
              ) : (
                <bdi>{r.title}</bdi>
              )}
              <div className="soft small">{word('publication.kind.', r.kind)}</div>
            </>
          )
        },
      },
      {
        id: 'status',
        header: t('web.credential.status'),
        tight: true,
        by: (r) => STATUSES.indexOf(r.status),
        cell: (r) => <Tag tone={STATUS[r.status]}>{word('credential.status.', r.status)}</Tag>,
      },
      { id: 'officer', header: t('web.credential.officer'), by: (r) => r.officer, cell: (r) => <bdi>{r.officer}</bdi> },
      {
        id: 'issued',
        header: t('web.credential.issued'),
        tight: true,
        by: (r) => r.issuedAt,
        cell: (r) => instant(r.issuedAt),
      },
    ],
    [t, word, instant],
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: typeof search) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)) as typeof search,
      replace: true,
    })
  return (
    <search className="toolbar">
      <NativeSelect
        label={t('web.credential.kind')}
        value={search.kind ?? ''}
        onChange={(e) => say({ kind: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...KINDS.map((value) => ({ value, label: word('publication.kind.', value) })),
        ]}
      />
      <NativeSelect
        label={t('web.credential.status')}
        value={search.status ?? ''}
        onChange={(e) => say({ status: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...STATUSES.map((value) => ({ value, label: word('credential.status.', value) })),
        ]}
      />
      {search.recordId && (
        <Link to="/credentials" className="small" style={{ alignSelf: 'end', paddingBlockEnd: 10 }}>
          {t('web.credentials.of-all')}
        </Link>
      )}
    </search>
  )
}
