import { type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { CursorPager, useCursors } from './CursorPager'
import { type Column, DataTable } from './DataTable'
import { useI18n } from './i18n'
import { Empty } from './Page'
import { Panel } from './Panel'
import { ProblemAlert } from './ProblemAlert'

type Page<T> = { items: T[]; next?: string }

type Props<T extends { id: string }, K extends QueryKey> = {
  /** What chooses the rows, as the address has it. */
  filter: object
  query: (cursor?: string) => UseQueryOptions<Page<T>, Error, Page<T>, K>
  columns: Column<T>[]
  caption: string
  /** Where the page has more than the list: its heading, and what can be done with it at the side. */
  title?: string
  aside?: ReactNode
  /** Said when there is nothing at all; what a filter does not find is said in the same words everywhere. */
  empty: string
  /** The order of the rows says something: they are not sorted by their columns. */
  ordered?: boolean
  /** The fields of the filter. */
  children?: ReactNode
}

/** A list that a filter chooses, page by page, with what went wrong and what is not there. */
export function ListPanel<T extends { id: string }, K extends QueryKey>(props: Props<T, K>) {
  const { filter, query, columns, caption, title, aside, empty, ordered, children } = props
  const { t } = useI18n()
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(query(cursors.cursor))
  const rows = data?.items ?? []
  return (
    <Panel title={title} aside={aside}>
      {children && <search className="toolbar">{children}</search>}
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {/* What was not answered is not empty: nothing is said of rows that nobody may or could read. */}
      {(data || !error) && (
        <>
          <DataTable
            columns={columns}
            rows={rows}
            rowId={(r) => r.id}
            caption={caption}
            busy={isFetching}
            whole={!ordered && cursors.page === 1 && !data?.next}
            empty={<Empty title={Object.keys(filter).length ? t('web.list.nothing-found') : empty} />}
          />
          <CursorPager cursors={cursors} next={data?.next} shown={rows.length} />
        </>
      )}
    </Panel>
  )
}
