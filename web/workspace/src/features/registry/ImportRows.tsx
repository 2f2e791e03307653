import { Button, NativeSelect } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api, body, queryClient, type Schema } from '../../api/client'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { useRefused } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { type Import, importQuery } from './imports'

type Fate = Schema['ImportFate']
type Row = Schema['ImportRow']
type Choice = Schema['ImportRowChoice']
const TONE: Record<Fate, Tone> = { new: 'ok', changed: 'info', same: 'plain', duplicate: 'warn', error: 'bad' }
const SEVERITY: Record<Schema['ImportFinding']['severity'], Tone> = { error: 'bad', correction: 'warn', note: 'plain' }
const FATES = Object.keys(TONE) as Fate[]
const NONE: Row[] = []
/** What the list shows: all, rows of a fate, or those in which something was corrected. */
type Shown = Fate | 'corrected' | ''

/** Leaves rows out, or takes them back. */
function useLeaving(of: Import) {
  const refused = useRefused()
  return useMutation({
    mutationFn: ({ act, choice }: { act: 'refuse' | 'restore'; choice: Choice }) =>
      body(
        api.POST(`/api/v1/registration-imports/{id}/rows/${act}`, { params: { path: { id: of.id } }, body: choice }),
      ),
    onSuccess: async (i) => {
      queryClient.setQueryData(importQuery(of.id).queryKey, i)
      await queryClient.invalidateQueries({ queryKey: ['registration-import-rows', of.id] })
    },
    onError: refused,
  })
}

type Leave = ReturnType<typeof useLeaving>

function useColumns(of: Import, { mutate, isPending }: Leave) {
  const { t, word, number } = useI18n()
  const may = of.allowed.includes('refuse')
  return useMemo<Column<Row>[]>(
    () => [
      { id: 'row', header: t('web.import.row'), num: true, cell: (r) => number(r.row) },
      {
        id: 'fate',
        header: t('web.import.fate'),
        tight: true,
        cell: (r) =>
          r.refused ? (
            <Tag>{t('web.import.fate.refused')}</Tag>
          ) : (
            <Tag tone={TONE[r.fate]}>{word('web.import.fate.', r.fate)}</Tag>
          ),
      },
      { id: 'title', header: t('web.registration.name'), cell: (r) => <bdi>{r.title}</bdi> },
      { id: 'problems', header: t('web.import.problems'), cell: (r) => <Findings of={r.problems} /> },
      ...(may
        ? [
            {
              id: 'leave',
              header: t('web.import.leave'),
              tight: true,
              cell: (r: Row) => (
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={isPending}
                  aria-label={t(r.refused ? 'web.import.restore-row' : 'web.import.refuse-row', { Row: number(r.row) })}
                  onClick={() => mutate({ act: r.refused ? 'restore' : 'refuse', choice: { rows: [r.row] } })}
                >
                  {t(r.refused ? 'web.import.restore' : 'web.import.refuse')}
                </Button>
              ),
            },
          ]
        : []),
    ],
    [t, word, number, may, mutate, isPending],
  )
}

function Findings({ of }: { of: Row['problems'] }) {
  const { t, word, number } = useI18n()
  return of.map((p, i) => (
    <div key={i}>
      <Tag tone={SEVERITY[p.severity]}>{word('import.severity.', p.severity)}</Tag>{' '}
      {p.column !== undefined && (
        <span className="soft">{t('web.import.column-number', { Column: number(p.column) })} </span>
      )}
      {p.pointer && <bdi className="mono">{p.pointer}</bdi>} {p.message}
    </div>
  ))
}

/** Each row of the file and what becomes of it; findings name their column, and each row may be left out. */
export function ImportRows({ of }: { of: Import }) {
  const { t, word, number } = useI18n()
  const { id, counts } = of
  const [shown, setShown] = useState<Shown>(counts.error > 0 ? 'error' : '')
  const cursors = useCursors(`${id} ${shown}`)
  const query = { ...(shown === 'corrected' ? { corrected: true } : shown && { fate: shown }), cursor: cursors.cursor }
  const { data, isFetching } = useQuery({
    queryKey: ['registration-import-rows', id, shown, cursors.cursor],
    queryFn: () =>
      body(
        api.GET('/api/v1/registration-imports/{id}/rows', { params: { path: { id }, query: { ...query, limit: 25 } } }),
      ),
    placeholderData: keepPreviousData,
  })
  const leaving = useLeaving(of)
  const columns = useColumns(of, leaving)
  const options = [
    { value: '', label: t('web.list.all') },
    ...FATES.map((f) => ({ value: f, label: `${word('web.import.fate.', f)} (${number(counts[f])})` })),
    { value: 'corrected', label: `${t('web.import.corrected')} (${number(counts.corrected)})` },
  ]
  return (
    <Panel
      title={t('web.import.preview')}
      aside={
        <>
          <Button
            component="a"
            href={`/api/v1/registration-imports/${id}/findings`}
            download
            size="xs"
            variant="default"
          >
            {t('web.import.findings')}
          </Button>
          <NativeSelect
            size="xs"
            aria-label={t('web.import.fate')}
            value={shown}
            onChange={(e) => setShown(e.currentTarget.value as Shown)}
            data={options}
          />
        </>
      }
    >
      {of.allowed.includes('refuse') && counts.error > 0 && (
        <p className="row">
          {t('web.import.has-errors')}
          <Button
            size="compact-sm"
            variant="default"
            loading={leaving.isPending}
            onClick={() => leaving.mutate({ act: 'refuse', choice: { fate: 'error' } })}
          >
            {t('web.import.refuse-errors')}
          </Button>
        </p>
      )}
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
