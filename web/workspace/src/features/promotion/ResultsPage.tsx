import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { OfficeField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { type Result, type ResultFilter, resultsQuery } from './claims'
import { Counted, Exports, FollowUp, Used } from './ResultLine'

const route = getRouteApi('/house/promotion-results')

const FIELDS = ['happenedOn', 'number', 'name', 'contacts', 'inquiries', 'samples', 'contracts', 'note']

/** What applicants report of what came of the money. */
export function ResultsPage() {
  const { t } = useI18n()
  const search = route.useSearch()
  const { say } = useSay<typeof search>()
  const filter: ResultFilter = {
    ...(search.programmeId && { programmeId: search.programmeId }),
    ...(search.country && { country: search.country }),
  }
  return (
    <>
      <PageHead
        title={t('web.promotion.results')}
        lead={t('web.promotion.results-lead')}
        acts={<ExportMenu list={{ path: '/api/v1/promotion-results', filter, fields: FIELDS }} />}
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => resultsQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.promotion.results')}
        empty={t('web.promotion.results-empty')}
      >
        <OfficeField
          label={t('web.promotion.country')}
          placeholder="DE"
          value={search.country}
          onSay={(country) => say({ country })}
        />
      </ListPanel>
    </>
  )
}

function useColumns(): Column<Result>[] {
  const { t, day } = useI18n()
  return useMemo(
    () => [
      { id: 'day', header: t('web.promotion.happened-on'), tight: true, cell: (r) => day(r.happenedOn) },
      {
        id: 'name',
        header: t('web.promotion.applicant'),
        cell: (r) => (
          <>
            <bdi>{r.name}</bdi>
            <div className="soft small mono">
              <bdi>{r.number}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'counted',
        header: t('web.promotion.results'),
        cell: (r) => (
          <div className="stack tight">
            <Counted of={r} />
            <Used of={r} />
            <FollowUp of={r} />
          </div>
        ),
      },
      {
        id: 'exports',
        header: t('web.promotion.exports'),
        cell: (r) => (
          <div className="stack tight">
            <Exports of={r} />
          </div>
        ),
      },
    ],
    [t, day],
  )
}
