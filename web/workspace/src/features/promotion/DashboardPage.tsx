import { NativeSelect, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { may, useSession } from '../../api/session'
import { useSay } from '../../ui/filters'
import { ownName, useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { PaperButton } from '../../ui/PaperButton'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { FunnelPanel, NeverPanel, SpentPanel, YearsPanel } from './DashboardPanels'
import { dashboardQuery, type Figures, printReport, REPORT_FORMATS, REPORT_LANGUAGES, yearsOf } from './figures'
import { MarketsPanel } from './MarketsPanel'

const route = getRouteApi('/house/promotion-dashboard')

/** What came of the calls of a year. */
export function DashboardPage() {
  const { t } = useI18n()
  const search = route.useSearch()
  const { say } = useSay<typeof search>()
  const { data, error, refetch } = useQuery(dashboardQuery(search.year ? Number(search.year) : undefined))
  return (
    <>
      <PageHead
        title={t('web.promotion.dashboard')}
        lead={t('web.promotion.dashboard-lead')}
        acts={
          data && (
            <NativeSelect
              aria-label={t('web.promotion.year')}
              value={String(data.year)}
              data={yearsOf(data)}
              onChange={(e) => say({ year: e.currentTarget.value })}
            />
          )
        }
      />
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!data && !error && <Skeleton h={420} radius={14} />}
      {data && (data.years.length > 0 ? <Shown of={data} /> : <NoCalls />)}
    </>
  )
}

function Shown({ of: f }: { of: Figures }) {
  return (
    <div className="grid">
      <div className="stack w8">
        <FunnelPanel of={f} />
        <MarketsPanel of={f.markets} />
        <SpentPanel of={f.spent} />
      </div>
      <div className="stack w4">
        <ReportPanel year={f.year} />
        <YearsPanel of={f} />
        <NeverPanel of={f} />
      </div>
    </div>
  )
}

function NoCalls() {
  const { t } = useI18n()
  return (
    <Panel>
      <Empty title={t('web.promotion.dashboard-empty')}>
        <Link to="/promotion-programmes">{t('web.promotion.nav')}</Link>
      </Empty>
    </Panel>
  )
}

/** The report of the year, in both languages and both forms; a task makes each. */
function ReportPanel({ year }: { year: number }) {
  const { t } = useI18n()
  if (!may(useSession(), 'promotion-dashboard:print')) return null
  return (
    <Panel title={t('web.promotion.report-of', { Year: String(year) })}>
      <ul className="list">
        {REPORT_LANGUAGES.map((language) => (
          <li key={language}>
            <span lang={language}>{ownName(language)}</span>
            <span className="end row">
              {REPORT_FORMATS.map((format) => (
                <PaperButton
                  small
                  key={`${year} ${format}`}
                  print={() => printReport({ year, language, format })}
                  label={format.toUpperCase()}
                  open={t('web.promotion.open-file', { Format: format.toUpperCase() })}
                />
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
