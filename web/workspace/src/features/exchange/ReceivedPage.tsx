import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { nameIn } from '../../api/published'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { oneOf } from '../../ui/oneOf'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { Houses } from './Houses'
import { housesQuery, PROVED, RECEIVED_KINDS, type Received, receivedQuery } from './queries'

const route = getRouteApi('/house/received')
const NONE: Received[] = []

/** What partner houses publish to everybody, as this house received it, and how the houses are. */
export function ReceivedPage() {
  const { t } = useI18n()
  const { q, kind, house, proved, ended } = route.useSearch()
  const state = oneOf(PROVED, proved)
  const filter = {
    ...(q && { q }),
    ...(kind && { kind }),
    ...(house && { house }),
    ...(state && { proved: state === 'yes' }),
    ...(ended && { ended: true }),
  }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(receivedQuery(filter, cursors.cursor))
  const columns = useColumns()
  const filtered = Object.keys(filter).length > 0
  return (
    <>
      <PageHead title={t('web.received.nav')} lead={t('web.received.lead')} />
      <div className="stack">
        <Houses />
        <Panel title={t('web.received.records')}>
          <Toolbar />
          {error && <ProblemAlert error={error} retry={() => void refetch()} />}
          <DataTable
            columns={columns}
            rows={data?.items ?? NONE}
            rowId={(r) => `${r.house} ${r.seq}`}
            caption={t('web.received.records')}
            busy={isFetching}
            empty={<Empty title={t(filtered ? 'web.list.nothing-found' : 'web.received.empty')} />}
          />
          <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
        </Panel>
      </div>
    </>
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data: houses } = useQuery(housesQuery)
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (had) => ({ ...had, ...change }), replace: true })
  const typed = useDebouncedCallback((q: string) => set({ q: q.trim() || undefined }), 300)
  return (
    <div className="toolbar">
      <TextInput
        type="search"
        label={t('web.received.name')}
        maxLength={200}
        dir="auto"
        defaultValue={search.q ?? ''}
        onChange={(e) => typed(e.currentTarget.value)}
      />
      <NativeSelect
        label={t('web.publication.kind')}
        value={search.kind ?? ''}
        onChange={(e) => set({ kind: e.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('web.list.all') },
          ...RECEIVED_KINDS.map((k) => ({ value: k, label: word('publication.kind.', k) })),
        ]}
      />
      {houses && houses.items.length > 0 && (
        <NativeSelect
          label={t('web.received.house')}
          value={search.house ?? ''}
          onChange={(e) => set({ house: e.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('web.list.all') },
            ...houses.items.map((h) => ({ value: h.name, label: h.name })),
          ]}
        />
      )}
      <NativeSelect
        label={t('web.received.proof')}
        value={search.proved ?? ''}
        onChange={(e) => set({ proved: e.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('web.list.all') },
          ...PROVED.map((p) => ({ value: p, label: word('received.proved.', p) })),
        ]}
      />
      <Checkbox
        mt="auto"
        mb={8}
        label={t('web.received.ended-too')}
        checked={search.ended === 'yes'}
        onChange={(e) => set({ ended: e.currentTarget.checked ? 'yes' : undefined })}
      />
    </div>
  )
}

function useColumns(): Column<Received>[] {
  const { t, word, text, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.received.what'),
        cell: (r) => (
          <>
            <Link to="/received/$id" params={{ id: r.publicationId }}>
              <bdi>{nameIn(r.content, text) || r.recordId}</bdi>
            </Link>
            <div className="soft small">{word('publication.kind.', r.kind)}</div>
          </>
        ),
      },
      {
        id: 'publisher',
        header: t('page.keys.publisher'),
        cell: (r) => (
          <>
            <bdi>{text(r.publisher.names) || r.publisher.slug}</bdi>
            <div className="soft small">
              <bdi dir="ltr">{r.house}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'received',
        header: t('web.received.at'),
        tight: true,
        cell: (r) => instant(r.receivedAt),
      },
      {
        id: 'state',
        header: t('web.received.state'),
        tight: true,
        cell: (r) => <ReceivedState of={r} />,
      },
    ],
    [t, word, text, instant],
  )
}

/** Whether it holds, and whether it can be proved without its house. */
export function ReceivedState({ of: r }: { of: Received }) {
  const { t, word } = useI18n()
  return (
    <div className="stack tight">
      {r.endedAt && (
        <div>
          <Tag tone="warn">{t('web.received.ended')}</Tag>
        </div>
      )}
      <div>
        <Tag tone={r.proof ? 'ok' : 'plain'}>{word('received.proved.', r.proof ? 'yes' : 'no')}</Tag>
      </div>
    </div>
  )
}
