import { NativeSelect } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api, body, type Schema } from '../../api/client'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag, type Tone } from '../../ui/Tag'

type Fate = Schema['ImportFate']
type Row = Schema['ImportRow']
const TONE: Record<Fate, Tone> = { new: 'ok', changed: 'info', same: 'plain', duplicate: 'warn', error: 'bad' }
const NONE: Row[] = []

function useColumns() {
  const { t, word, number } = useI18n()
  return useMemo<Column<Row>[]>(
    () => [
      { id: 'row', header: t('web.import.row'), num: true, cell: (r) => number(r.row) },
      {
        id: 'fate',
        header: t('web.import.fate'),
        tight: true,
        cell: (r) => <Tag tone={TONE[r.fate]}>{word('web.import.fate.', r.fate)}</Tag>,
      },
      { id: 'title', header: t('web.registration.name'), cell: (r) => <bdi>{r.title}</bdi> },
      {
        id: 'problems',
        header: t('web.import.problems'),
        cell: (r) =>
          r.problems.map((p, i) => (
            <div key={i}>
              <bdi className="mono">{p.pointer}</bdi> {p.message}
            </div>
          )),
      },
    ],
    [t, word, number],
  )
}

/** Each row of the file and what becomes of it; errors name their column. */
export function ImportRows({ id, counts }: { id: string; counts: Schema['ImportCounts'] }) {
  const { t, word, number } = useI18n()
  const [fate, setFate] = useState<Fate | ''>(counts.error > 0 ? 'error' : '')
  const cursors = useCursors(`${id} ${fate}`)
  const { data, isFetching } = useQuery({
    queryKey: ['registration-import-rows', id, fate, cursors.cursor],
    queryFn: () =>
      body(
        api.GET('/api/v1/registration-imports/{id}/rows', {
          params: { path: { id }, query: { ...(fate && { fate }), cursor: cursors.cursor, limit: 25 } },
        }),
      ),
    placeholderData: keepPreviousData,
  })
  const columns = useColumns()
  const fates = (Object.keys(TONE) as Fate[]).map((f) => ({
    value: f,
    label: `${word('web.import.fate.', f)} (${number(counts[f])})`,
  }))
  return (
    <Panel
      title={t('web.import.preview')}
      aside={
        <NativeSelect
          size="xs"
          aria-label={t('web.import.fate')}
          value={fate}
          onChange={(e) => setFate(e.currentTarget.value as Fate | '')}
          data={[{ value: '', label: t('web.list.all') }, ...fates]}
        />
      }
    >
      <DataTable
        columns={columns}
        rows={data?.items ?? NONE}
        rowId={(r) => String(r.row)}
        caption={t('web.import.preview')}
        busy={isFetching}
        empty={t('web.list.nothing-found')}
      />
      <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
    </Panel>
  )
}
