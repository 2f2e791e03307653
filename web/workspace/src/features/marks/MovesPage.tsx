import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, DayField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { Back, PageHead } from '../../ui/Page'
import { MOVE_ACTS, type Move, type MoveFilter, movesQuery } from './ledger'
import { Said } from './MoveItem'
import { Of } from './Of'
import { BatchName, HolderName, Range, Where } from './Where'

const route = getRouteApi('/house/mark-moves')
const FIELDS =
  'happenedOn,act,batchId,first,count,fromPlace.kind,fromPlace.name,toPlace.kind,toPlace.name,toPlace.authorisationId,reference,lot,packages,weightG,destination,reason,witnesses,recordedName,recordedAt'.split(
    ',',
  )

/** The ledger: every move of marks, the newest first. Nothing in it is changed; a mistake is put back by another move. */
export function MovesPage() {
  const { t } = useI18n()
  const { act, ...said } = route.useSearch()
  const filter: MoveFilter = { ...said, ...(oneOf(MOVE_ACTS, act) && { act: oneOf(MOVE_ACTS, act) }) }
  return (
    <>
      <PageHead
        title={t('web.ledger.nav')}
        lead={t('web.ledger.lead')}
        crumb={
          <Link to="/mark-batches" className="crumb">
            <Back>{t('web.batches.nav')}</Back>
          </Link>
        }
        acts={<ExportMenu list={{ path: '/api/v1/mark-moves', filter, fields: FIELDS }} />}
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => movesQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.ledger.nav')}
        empty={t('web.ledger.empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

function useColumns(): Column<Move>[] {
  const { t, word, day, number } = useI18n()
  return useMemo(
    () => [
      { id: 'on', header: t('web.special-marks.day'), tight: true, cell: (m) => day(m.happenedOn) },
      { id: 'act', header: t('web.ledger.act'), tight: true, cell: (m) => word('mark-batch.act.', m.act) },
      {
        id: 'numbers',
        header: t('web.batches.numbers'),
        tight: true,
        cell: (m) => (
          <Link to="/mark-batches/$id" params={{ id: m.batchId }} search={{ number: String(m.first) }}>
            <Range of={m} />
          </Link>
        ),
      },
      { id: 'count', header: t('web.batches.how-many'), num: true, cell: (m) => number(m.count) },
      { id: 'from', header: t('web.ledger.from'), cell: (m) => <Where place={m.fromPlace} /> },
      { id: 'to', header: t('web.ledger.to'), cell: (m) => <Where place={m.toPlace} /> },
      { id: 'said', header: t('web.ledger.said'), cell: (m) => <Said move={m} /> },
      { id: 'by', header: t('web.ledger.by'), cell: (m) => <bdi>{m.recordedName}</bdi> },
    ],
    [t, word, day, number],
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say } = useSay<typeof search>()
  return (
    <>
      <ChoiceField
        label={t('web.ledger.act')}
        value={search.act}
        onSay={(act) => say({ act })}
        words={MOVE_ACTS}
        name={(act) => word('mark-batch.act.', act)}
      />
      <DayField
        label={t('web.ledger.since')}
        value={search.happenedFrom}
        onSay={(happenedFrom) => say({ happenedFrom })}
      />
      <DayField label={t('web.ledger.until')} value={search.happenedTo} onSay={(happenedTo) => say({ happenedTo })} />
      {search.batchId && (
        <Of onAll={() => say({ batchId: undefined })}>
          <BatchName id={search.batchId} />
        </Of>
      )}
      {search.authorisationId && (
        <Of onAll={() => say({ authorisationId: undefined })}>
          <HolderName id={search.authorisationId} />
        </Of>
      )}
    </>
  )
}
