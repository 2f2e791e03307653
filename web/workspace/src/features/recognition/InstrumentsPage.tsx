import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, DayField, OfficeField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { INSTRUMENT_KINDS, type Instrument, type InstrumentFilter, instrumentsQuery, PUBLISHED } from './queries'

const route = getRouteApi('/house/instruments')
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
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('web.instruments.nav')}
        lead={t('web.instruments.lead')}
        acts={
          <>
            <ExportMenu
              list={{ path: '/api/v1/instruments', xml: true, filter, fields: ['code', ...titles, ...FIELDS] }}
            />
            {may(session, 'instrument:create') && (
              <LinkButton to="/instruments/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.instrument.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <ListPanel
        filter={filter}
        query={(cursor) => instrumentsQuery(filter, cursor)}
        columns={columns}
        caption={t('web.instruments.nav')}
        empty={t('web.instruments.empty')}
      >
        <Fields />
      </ListPanel>
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

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.instruments.search')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.publication.kind')}
        value={search.kind}
        onSay={(kind) => say({ kind })}
        words={INSTRUMENT_KINDS}
        name={(kind) => word('instrument.kind.', kind)}
      />
      <OfficeField
        label={t('web.instrument.party')}
        placeholder="CN"
        value={search.party}
        onSay={(party) => later({ party })}
      />
      <DayField label={t('web.instrument.in-force-on')} value={search.on} onSay={(on) => later({ on })} />
    </>
  )
}
