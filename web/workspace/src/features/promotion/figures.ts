import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'

export type Figures = Schema['PromotionDashboard']
export type Funnel = Schema['PromotionFunnel']
export type Market = Schema['PromotionMarket']
export type Spent = Schema['PromotionSpent']
export type Sum = Schema['PromotionSum']

export const dashboardQuery = (year: number | undefined) =>
  queryOptions({
    queryKey: ['promotion', 'dashboard', year],
    queryFn: () => body(api.GET('/api/v1/promotion-dashboard', { params: { query: { year } } })),
    placeholderData: keepPreviousData,
  })

type Report = Schema['PromotionReportPrint']
export const REPORT_LANGUAGES = ['zh-Hans', 'en'] as const satisfies Report['language'][]
export const REPORT_FORMATS = ['pdf', 'xlsx'] as const satisfies Report['format'][]
export const printReport = (report: Report) => body(api.POST('/api/v1/promotion-dashboard/print', { body: report }))

/** The steps of the funnel in two halves, for no step of the second comes out of the one before it alone. */
export const SELECTION = ['calls', 'applications', 'applicants', 'awarded'] as const satisfies (keyof Funnel)[]
export const OUTCOME_STEPS = ['contacts', 'inquiries', 'samples', 'contracts'] as const satisfies (keyof Funnel)[]

/** How long the bar of each step is, in percent of the longest of its half. */
export function bars<K extends keyof Funnel>(of: Funnel, steps: readonly K[]): Record<K, number> {
  const most = Math.max(1, ...steps.map((s) => of[s]))
  return Object.fromEntries(steps.map((s) => [s, (100 * of[s]) / most])) as Record<K, number>
}

/** The years that can be chosen, the latest first: those that had calls, and the one that is shown. */
export const yearsOf = (f: Figures) =>
  [...new Set([f.year, ...f.years.map((y) => y.year)])].sort((a, b) => b - a).map(String)
