import { NumberInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Batch, type Holding, holdingsQuery } from './ledger'
import { Range, Where } from './Where'

const route = getRouteApi('/house/mark-batches/$id')

/** Where each number of a batch is, range by range; from a number on, when one is looked for. */
export function HoldingsPanel({ batch }: { batch: Batch }) {
  const { t, number } = useI18n()
  const said = route.useSearch().number
  const navigate = route.useNavigate()
  const from = said !== undefined && /^\d{1,8}$/.test(said) ? Number(said) : undefined
  const cursors = useCursors(String(from))
  const { data, error, isFetching } = useQuery(
    holdingsQuery(batch.id, cursors.cursor ? undefined : from, cursors.cursor),
  )
  const find = useDebouncedCallback(
    (n: string | number) => void navigate({ search: n === '' ? {} : { number: String(n) }, replace: true }),
    300,
  )
  const columns = useMemo(
    (): Column<Holding>[] => [
      { id: 'numbers', header: t('web.batches.numbers'), tight: true, cell: (h) => <Range of={h} /> },
      { id: 'count', header: t('web.batches.how-many'), num: true, cell: (h) => number(h.count) },
      { id: 'place', header: t('web.batches.where'), cell: (h) => <Where place={h.place} /> },
    ],
    [t, number],
  )
  const rows = data?.items ?? []
  return (
    <Panel title={t('web.batches.where')}>
      <search className="toolbar">
        <NumberInput
          w={220}
          min={0}
          max={batch.count - 1}
          allowDecimal={false}
          hideControls
          label={t('web.batches.find-number')}
          description={t('web.batches.find-number-how', { Last: number(batch.count - 1) })}
          defaultValue={from ?? ''}
          onChange={find}
        />
      </search>
      <ProblemAlert error={error} />
      <DataTable
        columns={columns}
        rows={rows}
        rowId={(h) => String(h.first)}
        caption={t('web.batches.where')}
        busy={isFetching}
        empty={<Empty title={t('web.list.nothing-found')} />}
      />
      <CursorPager cursors={cursors} next={data?.next} shown={rows.length} />
    </Panel>
  )
}
