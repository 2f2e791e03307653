import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { oneOf } from '../../ui/oneOf'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { OpenDialog } from './OpenDialog'
import { casesQuery, type Filter, SIDES, STATE, STATES, type Summary } from './queries'

const route = getRouteApi('/house/cases')
const NONE: Summary[] = []

/** Recognition cases that we are a side of. */
export function CasesPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const side = oneOf(SIDES, search.side)
  const state = oneOf(STATES, search.state)
  const filter: Filter = {
    ...(search.q && { q: search.q }),
    ...(side && { side }),
    ...(state && { state }),
    ...(search.overdue && { overdue: true }),
  }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(casesQuery(filter, cursors.cursor))
  const columns = useColumns()
  const [opening, setOpening] = useState(false)
  return (
    <>
      <PageHead
        title={t('web.cases.nav')}
        lead={t('web.cases.lead')}
        acts={
          may(session, 'recognition-case:open') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpening(true)}>
              {t('web.case.new')}
            </Button>
          )
        }
      />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.cases.nav')}
          busy={isFetching}
          empty={<Empty title={t(Object.keys(filter).length ? 'web.list.nothing-found' : 'web.cases.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
      {opening && <OpenDialog onClose={() => setOpening(false)} />}
    </>
  )
}

function useColumns(): Column<Summary>[] {
  const { t, word, text, market, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.case.name'),
        cell: (r) => (
          <>
            <Link to="/cases/$id" params={{ id: r.id }}>
              <bdi lang={r.language}>{r.name}</bdi>
            </Link>
            <div className="soft small">{text(r.instrumentTitles) || r.instrumentCode}</div>
          </>
        ),
      },
      {
        id: 'state',
        header: t('web.case.state'),
        tight: true,
        cell: (r) => <Tag tone={STATE[r.state]}>{word('case.state.', r.state)}</Tag>,
      },
      {
        id: 'way',
        header: t('web.case.way'),
        cell: (r) => `${market(r.originOffice)} → ${market(r.market)}`,
      },
      {
        id: 'side',
        header: t('web.case.our-side'),
        tight: true,
        cell: (r) => r.sides.map((s) => word('case.side.', s)).join(' · '),
      },
      { id: 'since', header: t('web.case.since'), tight: true, cell: (r) => day(r.since) },
    ],
    [t, word, text, market, day],
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
        label={t('web.case.name')}
        leftSection={<IconSearch size={16} aria-hidden />}
        defaultValue={search.q ?? ''}
        onChange={(e) => later({ q: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('web.case.our-side')}
        value={search.side ?? ''}
        onChange={(e) => say({ side: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...SIDES.map((value) => ({ value, label: word('case.side.', value) })),
        ]}
      />
      <NativeSelect
        label={t('web.case.state')}
        value={search.state ?? ''}
        onChange={(e) => say({ state: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...STATES.map((value) => ({ value, label: word('case.state.', value) })),
        ]}
      />
      <Checkbox
        label={t('web.case.only-overdue')}
        checked={Boolean(search.overdue)}
        onChange={(e) => say({ overdue: e.currentTarget.checked ? 'yes' : '' })}
      />
    </search>
  )
}
