import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { OfficeField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { type Filter, type Report, reportsQuery } from './queries'

const route = getRouteApi('/house/clearance')

/** What this tenant asked: which names, in which markets, and what stood against them. */
export function ReportsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { q, market, caseId, registrationId } = route.useSearch()
  const filter: Filter = {
    ...(q && { q }),
    ...(market && { market }),
    ...(caseId && { caseId }),
    ...(registrationId && { registrationId }),
  }
  return (
    <>
      <PageHead
        title={t('web.clearance.nav')}
        lead={t('web.clearance.lead')}
        acts={
          <>
            {may(session, 'earlier-mark:read') && (
              <LinkButton variant="default" to="/earlier-marks">
                {t('web.marks.nav')}
              </LinkButton>
            )}
            {may(session, 'clearance-report:create') && (
              <LinkButton
                to="/clearance/new"
                search={{ ...(caseId && { case: caseId }), ...(registrationId && { registration: registrationId }) }}
              >
                {t('web.clearance.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => reportsQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.clearance.nav')}
        empty={t('web.clearance.empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

function Fields() {
  const { t } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.clearance.name')} value={search.q} onSay={(q) => later({ q })} />
      <OfficeField
        label={t('web.clearance.market')}
        value={search.market}
        placeholder="AE"
        onSay={(market) => say({ market })}
      />
      {(search.caseId || search.registrationId) && (
        <Link to="/clearance" className="small" style={{ alignSelf: 'end', paddingBlockEnd: 10 }}>
          {t('web.clearance.of-all')}
        </Link>
      )}
    </>
  )
}

function useColumns(): Column<Report>[] {
  const { t, market, instant, number } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.clearance.name'),
        cell: (r) => (
          <Link to="/clearance/$id" params={{ id: r.id }}>
            <bdi lang={r.names[0]?.language}>{r.title}</bdi>
          </Link>
        ),
      },
      { id: 'market', header: t('web.clearance.market'), cell: (r) => market(r.market) },
      {
        id: 'found',
        header: t('web.clearance.found'),
        cell: (r) =>
          r.status === 'searching' ? (
            <Tag tone="info">{t('web.clearance.searching')}</Tag>
          ) : (
            t('web.clearance.decided-of', { Decided: number(r.decided), Kept: number(r.kept) })
          ),
      },
      {
        id: 'conflicts',
        header: t('web.clearance.conflicts'),
        tight: true,
        cell: (r) => (r.conflicts ? <Tag tone="bad">{number(r.conflicts)}</Tag> : number(0)),
      },
      { id: 'asked', header: t('web.clearance.asked'), tight: true, cell: (r) => instant(r.askedAt) },
      { id: 'by', header: t('web.clearance.by'), cell: (r) => <bdi>{r.askedBy}</bdi> },
    ],
    [t, market, instant, number],
  )
}
