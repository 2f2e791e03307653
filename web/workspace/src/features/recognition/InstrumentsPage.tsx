import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { oneOf } from '../../ui/oneOf'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { INSTRUMENT_KINDS, type Instrument, type InstrumentFilter, instrumentsQuery, PUBLISHED } from './queries'

const route = getRouteApi('/house/instruments')
const NONE: Instrument[] = []
/** The columns of the list as a file. */
const FIELDS = 'kind,parties,signedOn,inForceOn,endedOn,published,updatedAt'.split(',')

/** The treaties, agreements, pilots and memoranda under which names are recognised. */
export function InstrumentsPage() {
  const { t, locale } = useI18n()
  const titles = [...new Set([locale, 'en'])].map((tag) => `titles.${tag}`)
  const session = useSession()
  const { kind, ...said } = route.useSearch()
  const one = oneOf(INSTRUMENT_KINDS, kind)
  const filter: InstrumentFilter = { ...said, ...(one && { kind: one }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(instrumentsQuery(filter, cursors.cursor))
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('web.instruments.nav')}
        lead={t('web.instruments.lead')}
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/instruments', filter, fields: ['code', ...titles, ...FIELDS] }} />
            {may(session, 'instrument:create') && (
              <LinkButton to="/instruments/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.instrument.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.instruments.nav')}
          busy={isFetching}
          whole={cursors.page === 1 && !data?.next}
          empty={<Empty title={t(Object.keys(filter).length ? 'web.list.nothing-found' : 'web.instruments.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
    </>
  )
}

function useColumns(): Column<Instrument>[] {
  const { t, word, text, market, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'title',
        header: t('web.instrument.title'),
        by: (i) => text(i.titles),
        cell: (i) => (
          <>
            <Link to="/instruments/$id" params={{ id: i.id }}>
              <bdi>{text(i.titles)}</bdi>
            </Link>
            <div className="soft small mono">
              <bdi>{i.code}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'kind',
        header: t('web.publication.kind'),
        tight: true,
        by: (i) => INSTRUMENT_KINDS.indexOf(i.kind),
        cell: (i) => word('instrument.kind.', i.kind),
      },
      {
        id: 'parties',
        header: t('web.instrument.parties'),
        cell: (i) => i.parties.slice(0, 6).map(market).join(', ') + (i.parties.length > 6 ? ' …' : ''),
      },
      {
        id: 'from',
        header: t('web.instrument.in-force'),
        tight: true,
        by: (i) => i.inForceOn ?? '9999',
        cell: (i) =>
          i.inForceOn ? day(i.inForceOn) : <span className="soft">{t('web.instrument.not-in-force')}</span>,
      },
      {
        id: 'until',
        header: t('web.instrument.ended'),
        tight: true,
        by: (i) => i.endedOn ?? '9999',
        cell: (i) => i.endedOn && day(i.endedOn),
      },
      {
        id: 'published',
        header: t('web.recognition.shown'),
        tight: true,
        cell: (i) => <Tag tone={PUBLISHED[i.published]}>{word('published.', i.published)}</Tag>,
      },
    ],
    [t, word, text, market, day],
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: typeof search) =>
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
        w={300}
        defaultValue={search.q}
        leftSection={<IconSearch size={16} aria-hidden />}
        label={t('web.instruments.search')}
        onChange={(e) => later({ q: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('web.publication.kind')}
        value={search.kind ?? ''}
        onChange={(e) => say({ kind: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...INSTRUMENT_KINDS.map((value) => ({ value, label: word('instrument.kind.', value) })),
        ]}
      />
      <TextInput
        w={110}
        label={t('web.instrument.party')}
        placeholder="CN"
        maxLength={2}
        defaultValue={search.party}
        onChange={(e) => {
          const party = e.currentTarget.value.toUpperCase()
          if (party === '' || /^[A-Z]{2}$/.test(party)) later({ party })
        }}
      />
      <TextInput
        type="date"
        label={t('web.instrument.in-force-on')}
        defaultValue={search.on}
        onChange={(e) => later({ on: e.currentTarget.value })}
      />
    </search>
  )
}
