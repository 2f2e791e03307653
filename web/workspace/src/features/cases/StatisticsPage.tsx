import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { STATE, STATES } from './queries'
import { statisticsQuery } from './waves'

type Time = Schema['CaseTime']
type Partner = Schema['CasePartner']

/** The board by state, the time that cases spent, and what came of them. */
export function StatisticsPage() {
  const { t, word, number } = useI18n()
  const { data, error, refetch } = useQuery(statisticsQuery)
  const times = useTimes()
  const partners = usePartners()
  return (
    <>
      <PageHead title={t('web.statistics.nav')} lead={t('web.statistics.lead')} />
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} radius={14} />}
      {data && (
        <div className="stack">
          <Panel title={t('web.statistics.states')}>
            <ul className="list">
              {STATES.filter((s) => data.states.some((c) => c.state === s)).map((state) => (
                <li key={state}>
                  <Link to="/cases" search={{ state }}>
                    <Tag tone={STATE[state]}>{word('case.state.', state)}</Tag>
                  </Link>
                  <span className="nums">{number(data.states.find((c) => c.state === state)?.count ?? 0)}</span>
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title={t('web.statistics.times')}>
            <DataTable
              columns={times}
              rows={data.times}
              rowId={(r) => r.state}
              caption={t('web.statistics.times')}
              whole
              empty={<Empty title={t('web.cases.empty')} />}
            />
          </Panel>
          <Panel title={t('web.statistics.partners')}>
            <DataTable
              columns={partners}
              rows={data.partners}
              rowId={(r) => r.originOffice + r.market}
              caption={t('web.statistics.partners')}
              whole
              empty={<Empty title={t('web.cases.empty')} />}
            />
          </Panel>
        </div>
      )}
    </>
  )
}

function useTimes(): Column<Time>[] {
  const { t, word, number } = useI18n()
  return useMemo(
    () => [
      { id: 'state', header: t('web.case.state'), by: (r) => r.state, cell: (r) => word('case.state.', r.state) },
      { id: 'count', header: t('web.statistics.count'), num: true, by: (r) => r.count, cell: (r) => number(r.count) },
      {
        id: 'median',
        header: t('web.statistics.median'),
        num: true,
        by: (r) => r.medianDays,
        cell: (r) => number(r.medianDays),
      },
      {
        id: 'longest',
        header: t('web.statistics.longest'),
        num: true,
        by: (r) => r.longestDays,
        cell: (r) => number(r.longestDays),
      },
    ],
    [t, word, number],
  )
}

function usePartners(): Column<Partner>[] {
  const { t, market, number } = useI18n()
  return useMemo(() => {
    const count = (id: 'pending' | 'protected' | 'refused' | 'ended'): Column<Partner> => ({
      id,
      header: t(`web.statistics.${id}`),
      num: true,
      by: (r) => r[id],
      cell: (r) => number(r[id]),
    })
    return [
      { id: 'way', header: t('web.case.way'), cell: (r) => `${market(r.originOffice)} → ${market(r.market)}` },
      count('pending'),
      count('protected'),
      count('refused'),
      count('ended'),
      {
        id: 'success',
        header: t('web.statistics.success'),
        num: true,
        cell: (r) => {
          const decided = r.protected + r.refused
          return decided ? `${number(Math.round((100 * r.protected) / decided))} %` : '—'
        },
      },
    ]
  }, [t, market, number])
}
