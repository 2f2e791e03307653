import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { dossiersQuery, type Filter, isStatus, STATUS, STATUSES } from './queries'

type Row = Schema['DossierSummary']
const route = getRouteApi('/house/dossiers')
const NONE: Row[] = []

export function DossiersPage() {
  const { t } = useI18n()
  const session = useSession()
  const { q, status } = route.useSearch()
  const filter: Filter = { ...(q && { q }), ...(isStatus(status) && { status }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(dossiersQuery(filter, cursors.cursor))
  const columns = useColumns()
  const create = may(session, 'dossier:create') && (
    <LinkButton to="/dossiers/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('web.dossier.new')}
    </LinkButton>
  )
  return (
    <>
      <PageHead title={t('web.dossiers.nav')} lead={t('web.dossiers.lead')} acts={create} />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.dossiers.nav')}
          busy={isFetching}
          whole={cursors.page === 1 && !data?.next}
          empty={<Empty title={t(q || status ? 'web.list.nothing-found' : 'web.dossiers.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
    </>
  )
}

function useColumns(): Column<Row>[] {
  const { t, word, market, language, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.registration.name'),
        by: (r) => r.registrationName,
        cell: (r) => (
          <Link to="/dossiers/$id" params={{ id: r.id }}>
            <bdi>{r.registrationName}</bdi>
          </Link>
        ),
      },
      { id: 'market', header: t('web.dossier.market'), by: (r) => market(r.market), cell: (r) => market(r.market) },
      {
        id: 'status',
        header: t('web.dossier.status'),
        tight: true,
        by: (r) => STATUSES.indexOf(r.status),
        cell: (r) => <Tag tone={STATUS[r.status].tone}>{word('dossier.status.', r.status)}</Tag>,
      },
      { id: 'languages', header: t('web.dossier.languages'), cell: (r) => r.languages.map(language).join(', ') },
      { id: 'number', header: t('web.dossier.number'), tight: true, cell: (r) => <bdi>{r.number}</bdi> },
      {
        id: 'updated',
        header: t('web.updated'),
        tight: true,
        by: (r) => r.updatedAt,
        cell: (r) => instant(r.updatedAt),
      },
    ],
    [t, word, market, language, instant],
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: typeof search) =>
    void navigate({
      search: (before) => {
        const { q, status } = { ...before, ...change }
        return { ...(q && { q }), ...(status && { status }) }
      },
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
        label={t('web.dossiers.search')}
        onChange={(e) => later({ q: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('web.dossier.status')}
        value={search.status ?? ''}
        onChange={(e) => say({ status: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...STATUSES.map((value) => ({ value, label: word('dossier.status.', value) })),
        ]}
      />
    </search>
  )
}
