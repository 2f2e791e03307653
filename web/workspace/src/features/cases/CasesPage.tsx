import { Button, Checkbox, SegmentedControl } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { BoardPanel } from './BoardPanel'
import { OpenDialog } from './OpenDialog'
import { casesQuery, type Filter, SIDES, STATE, STATES, type Summary } from './queries'

const route = getRouteApi('/house/cases')

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
      {search.view === 'board' ? (
        <BoardPanel filter={filter}>
          <Fields />
        </BoardPanel>
      ) : (
        <ListPanel
          filter={filter}
          query={(cursor) => casesQuery(filter, cursor)}
          columns={columns}
          caption={t('web.cases.nav')}
          empty={t('web.cases.empty')}
        >
          <Fields />
        </ListPanel>
      )}
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

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.case.name')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.case.our-side')}
        value={search.side}
        onSay={(side) => say({ side })}
        words={SIDES}
        name={(side) => word('case.side.', side)}
      />
      {search.view !== 'board' && (
        <ChoiceField
          label={t('web.case.state')}
          value={search.state}
          onSay={(state) => say({ state })}
          words={STATES}
          name={(state) => word('case.state.', state)}
        />
      )}
      <Checkbox
        label={t('web.case.only-overdue')}
        checked={Boolean(search.overdue)}
        onChange={(e) => say({ overdue: e.currentTarget.checked ? 'yes' : '' })}
      />
      <SegmentedControl
        className="end"
        aria-label={t('web.cases.view')}
        value={search.view === 'board' ? 'board' : 'list'}
        onChange={(view) => say({ view: view === 'board' ? view : '' })}
        data={[
          { value: 'list', label: t('web.cases.view-list') },
          { value: 'board', label: t('web.cases.view-board') },
        ]}
      />
    </>
  )
}
