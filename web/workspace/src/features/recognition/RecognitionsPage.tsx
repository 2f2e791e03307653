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
import { type Filter, PROTECTION, PROTECTIONS, PUBLISHED, type Recognition, recognitionsQuery } from './queries'

const route = getRouteApi('/house/recognitions')
const NONE: Recognition[] = []
/** The columns of the list as a file. */
const FIELDS =
  'name,language,originOffice,market,protection,limits,instrumentCode,list,position,from,until,published,version'.split(
    ',',
  )

/** The protections and refusals that this house keeps, of names in markets. */
export function RecognitionsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { protection, ...said } = route.useSearch()
  const kind = oneOf(PROTECTIONS, protection)
  const filter: Filter = { ...said, ...(kind && { protection: kind }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(recognitionsQuery(filter, cursors.cursor))
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('web.recognitions.nav')}
        lead={t('web.recognitions.lead')}
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/recognitions', filter, fields: FIELDS }} />
            {may(session, 'recognition:record') && (
              <LinkButton to="/recognitions/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.recognition.new')}
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
          caption={t('web.recognitions.nav')}
          busy={isFetching}
          whole={cursors.page === 1 && !data?.next}
          empty={<Empty title={t(Object.keys(filter).length ? 'web.list.nothing-found' : 'web.recognitions.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
    </>
  )
}

function useColumns(): Column<Recognition>[] {
  const { t, word, market, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.registration.name'),
        by: (r) => r.name,
        cell: (r) => (
          <>
            <Link to="/recognitions/$id" params={{ id: r.id }}>
              <bdi lang={r.language}>{r.name}</bdi>
            </Link>
            <div className="soft small">
              {r.forms.slice(0, 3).map((f, i) => (
                <span key={i}>
                  {i > 0 && ' · '}
                  <bdi lang={f.language}>{f.text}</bdi>
                </span>
              ))}
            </div>
          </>
        ),
      },
      {
        id: 'protection',
        header: t('web.recognition.protection'),
        tight: true,
        by: (r) => PROTECTIONS.indexOf(r.protection),
        cell: (r) => <Tag tone={PROTECTION[r.protection]}>{word('protection.', r.protection)}</Tag>,
      },
      {
        id: 'market',
        header: t('web.recognition.market'),
        by: (r) => market(r.market),
        cell: (r) => market(r.market),
      },
      {
        id: 'instrument',
        header: t('web.recognition.instrument'),
        by: (r) => r.instrumentCode ?? '',
        cell: (r) =>
          r.instrumentId ? (
            <Link to="/instruments/$id" params={{ id: r.instrumentId }}>
              <bdi>{r.instrumentCode}</bdi>
            </Link>
          ) : (
            <span className="soft">{t('web.recognition.direct')}</span>
          ),
      },
      { id: 'from', header: t('web.recognition.from'), tight: true, by: (r) => r.from, cell: (r) => day(r.from) },
      {
        id: 'until',
        header: t('web.recognition.until'),
        tight: true,
        by: (r) => r.until ?? '9999',
        cell: (r) => (r.until ? day(r.until) : <span className="soft">{t('web.recognition.no-end')}</span>),
      },
      {
        id: 'published',
        header: t('web.recognition.shown'),
        tight: true,
        cell: (r) => <Tag tone={PUBLISHED[r.published]}>{word('published.', r.published)}</Tag>,
      },
    ],
    [t, word, market, day],
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
        label={t('web.registrations.search')}
        description={t('web.registrations.search-how')}
        onChange={(e) => later({ q: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('web.recognition.protection')}
        value={search.protection ?? ''}
        onChange={(e) => say({ protection: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...PROTECTIONS.map((value) => ({ value, label: word('protection.', value) })),
        ]}
      />
      <TextInput
        w={110}
        label={t('web.recognition.market')}
        placeholder="XA"
        maxLength={2}
        defaultValue={search.market}
        onChange={(e) => {
          const market = e.currentTarget.value.toUpperCase()
          if (market === '' || /^[A-Z]{2}$/.test(market)) later({ market })
        }}
      />
      <TextInput
        type="date"
        label={t('web.recognition.holds-on')}
        defaultValue={search.on}
        onChange={(e) => later({ on: e.currentTarget.value })}
      />
    </search>
  )
}
