// One table for the whole product: a thin skin over TanStack Table. Order and paging are the server's; a list that is here
// as a whole can be sorted by its columns.
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo, useState } from 'react'
import { useI18n } from './i18n'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
type Features = typeof features

export type Column<T> = {
  id: string
  header: string
  cell: (row: T) => ReactNode
  /** What the column is sorted by, when it can be. */
  by?: (row: T) => string | number
  /** Narrow content that is never broken: codes, states, days. */
  tight?: boolean
  num?: boolean
  /** Whether the column has something for a row; one that has nothing for any of them is left out. */
  has?: (row: T) => boolean
}

type Props<T extends object> = {
  columns: Column<T>[]
  rows: T[]
  rowId: (row: T) => string
  caption: string
  empty: ReactNode
  busy?: boolean
  /** All rows are here, so that they may be sorted. */
  whole?: boolean
}

function definitions<T extends object>(columns: Column<T>[], whole: boolean, locale: string) {
  const words = new Intl.Collator(locale, { numeric: true })
  return columns.map((c): ColumnDef<Features, T, unknown> => {
    const by = c.by ?? (() => '')
    return {
      id: c.id,
      accessorFn: by,
      sortDescFirst: false,
      enableSorting: whole && c.by !== undefined,
      sortFn: (a, b) => words.compare(String(by(a.original)), String(by(b.original))),
    }
  })
}

const ARIA = { asc: 'ascending', desc: 'descending' } as const
const ICON = { asc: IconArrowUp, desc: IconArrowDown } as const

export function DataTable<T extends object>(props: Props<T>) {
  const { rows, rowId, caption, empty, busy, whole = false } = props
  const columns = useMemo(() => props.columns.filter((c) => !c.has || rows.some(c.has)), [props.columns, rows])
  const { locale } = useI18n()
  const [sorting, setSorting] = useState<SortingState>([])
  const table = useTable({
    features,
    columns: useMemo(() => definitions(columns, whole, locale), [columns, whole, locale]),
    data: rows,
    getRowId: rowId,
    enableMultiSort: false,
    state: { sorting },
    onSortingChange: setSorting,
  })
  const columnOf = (id: string) => columns.find((c) => c.id === id)
  const look = (c?: Column<T>) => (c?.num ? 'num' : c?.tight ? 'tight' : undefined)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard
    <section className="table-wrap" aria-label={caption} tabIndex={0}>
      <table className="table" aria-busy={busy}>
        <thead>
          <tr>
            {table.getHeaderGroups()[0]?.headers.map((h) => {
              const column = columnOf(h.column.id)
              const sorted = h.column.getIsSorted()
              const Icon = sorted ? ICON[sorted] : IconArrowsSort
              return (
                <th key={h.id} scope="col" className={look(column)} aria-sort={sorted ? ARIA[sorted] : undefined}>
                  {h.column.getCanSort() ? (
                    <button type="button" onClick={h.column.getToggleSortingHandler()}>
                      {column?.header}
                      <Icon size={14} stroke={sorted ? 2.2 : 1.4} aria-hidden />
                    </button>
                  ) : (
                    column?.header
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody data-busy={busy || undefined}>
          {table.getRowModel().rows.map((r) => (
            <tr key={r.id}>
              {columns.map((c) => (
                <td key={c.id} className={look(c)}>
                  {c.cell(r.original)}
                </td>
              ))}
            </tr>
          ))}
          {!rows.length && !busy && (
            <tr>
              <td colSpan={columns.length}>{empty}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}
