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
import { type Filter, PROTECTION, PROTECTIONS, PUBLISHED, type Recognition, recognitionsQuery } from './queries'

const route = getRouteApi('/house/recognitions')
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
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('web.recognitions.nav')}
        lead={t('web.recognitions.lead')}
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/recognitions', xml: true, filter, fields: FIELDS }} />
            {may(session, 'recognition:record') && (
              <LinkButton to="/recognitions/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.recognition.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <ListPanel
        filter={filter}
        query={(cursor) => recognitionsQuery(filter, cursor)}
        columns={columns}
        caption={t('web.recognitions.nav')}
        empty={t('web.recognitions.empty')}
      >
        <Fields />
      </ListPanel>
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

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField
        label={t('web.registrations.search')}
        description={t('web.registrations.search-how')}
        value={search.q}
        onSay={(q) => later({ q })}
      />
      <ChoiceField
        label={t('web.recognition.protection')}
        value={search.protection}
        onSay={(protection) => say({ protection })}
        words={PROTECTIONS}
        name={(protection) => word('protection.', protection)}
      />
      <OfficeField
        label={t('web.recognition.market')}
        placeholder="XA"
        value={search.market}
        onSay={(market) => later({ market })}
      />
      <DayField label={t('web.recognition.holds-on')} value={search.on} onSay={(on) => later({ on })} />
    </>
  )
}
