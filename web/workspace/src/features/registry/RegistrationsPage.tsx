import { Menu, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { ExportButton } from '../../ui/ExportMenu'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { exportAddress, type Filter, isStatus, registrationsQuery, STATUS, STATUSES } from './queries'

type Row = Schema['RegistrationSummary']
const route = getRouteApi('/house/registrations')
const NONE: Row[] = []

function useColumns(): Column<Row>[] {
  const { t, word, market, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'title',
        header: t('web.registration.name'),
        by: (r) => r.title,
        cell: (r) => (
          <>
            <Link to="/registrations/$id" params={{ id: r.id }}>
              <bdi>{r.title}</bdi>
            </Link>
            <div className="soft small">
              {r.names
                .filter((n) => n.text !== r.title)
                .slice(0, 3)
                .map((n, i) => (
                  <span key={i}>
                    {i > 0 && ' · '}
                    <bdi lang={n.language}>{n.text}</bdi>
                  </span>
                ))}
            </div>
          </>
        ),
      },
      {
        id: 'status',
        header: t('web.registration.status'),
        tight: true,
        by: (r) => STATUSES.indexOf(r.status),
        cell: (r) => <Tag tone={STATUS[r.status].tone}>{word('registration.status.', r.status)}</Tag>,
      },
      {
        id: 'office',
        header: t('web.registration.office'),
        by: (r) => market(r.office),
        cell: (r) => market(r.office),
      },
      { id: 'number', header: t('web.registration.number'), by: (r) => r.number, cell: (r) => <bdi>{r.number}</bdi> },
      { id: 'hs', header: t('web.registration.hs'), cell: (r) => <bdi>{r.hsCodes.join(', ')}</bdi> },
      {
        id: 'updated',
        header: t('web.updated'),
        tight: true,
        by: (r) => r.updatedAt,
        cell: (r) => instant(r.updatedAt),
      },
    ],
    [t, word, market, instant],
  )
}

export function RegistrationsPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const { status, ...said } = search
  const filter: Filter = { ...said, ...(isStatus(status) && { status }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(registrationsQuery(filter, cursors.cursor))
  const columns = useColumns()
  const filtered = Object.keys(filter).length > 0
  return (
    <>
      <PageHead
        title={t('web.registrations.nav')}
        acts={
          <>
            {may(session, 'registration:export') && <Files filter={filter} />}
            {may(session, 'registration:import') && (
              <LinkButton
                to="/registrations/import"
                variant="default"
                leftSection={<IconUpload size={16} aria-hidden />}
              >
                {t('web.import.nav')}
              </LinkButton>
            )}
            {may(session, 'registration:draft') && (
              <LinkButton to="/registrations/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.registration.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.registrations.nav')}
          busy={isFetching}
          whole={cursors.page === 1 && !data?.next}
          empty={<Empty title={t(filtered ? 'web.list.nothing-found' : 'web.registrations.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
    </>
  )
}

function Files({ filter }: { filter: Filter }) {
  const { t } = useI18n()
  return (
    <ExportButton>
      {(['xlsx', 'csv', 'ndjson', 'xml'] as const).map((format) => (
        <Menu.Item key={format} component="a" href={exportAddress(filter, format)} download>
          {t(`web.export.${format}`)}
        </Menu.Item>
      ))}
    </ExportButton>
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: Partial<typeof search>) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)) as typeof search,
      replace: true,
    })
  const later = useDebouncedCallback(say, 300)
  return (
    <search className="toolbar">
      <TextInput
        type="search"
        w={300}
        defaultValue={search.q}
        leftSection={<IconSearch size={16} aria-hidden />}
        label={t('web.registrations.search')}
        description={t('web.registrations.search-how')}
        onChange={(e) => later({ q: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('web.registration.status')}
        value={search.status ?? ''}
        onChange={(e) => say({ status: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...STATUSES.map((value) => ({ value, label: word('registration.status.', value) })),
        ]}
      />
      <TextInput
        w={110}
        label={t('web.registration.office')}
        placeholder="CN"
        maxLength={2}
        defaultValue={search.office}
        onChange={(e) => {
          const office = e.currentTarget.value.toUpperCase()
          if (office === '' || /^[A-Z]{2}$/.test(office)) later({ office })
        }}
      />
      <TextInput
        w={140}
        label={t('web.registration.hs')}
        placeholder="1206"
        inputMode="numeric"
        defaultValue={search.hs}
        onChange={(e) => {
          const hs = e.currentTarget.value
          if (/^\d{0,12}$/.test(hs)) later({ hs })
        }}
      />
    </search>
  )
}
