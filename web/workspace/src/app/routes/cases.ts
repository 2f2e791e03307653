import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const cases = createRoute({
  ...within,
  path: '/cases',
  validateSearch: texts('q', 'side', 'state', 'overdue', 'view'),
  component: lazyRouteComponent(() => import('../../features/cases/CasesPage'), 'CasesPage'),
})
const recognitionCase = createRoute({
  ...within,
  path: '/cases/$id',
  component: lazyRouteComponent(() => import('../../features/cases/CasePage'), 'CasePage'),
})
const waves = createRoute({
  ...within,
  path: '/waves',
  component: lazyRouteComponent(() => import('../../features/cases/WavesPage'), 'WavesPage'),
})
const wave = createRoute({
  ...within,
  path: '/waves/$id',
  component: lazyRouteComponent(() => import('../../features/cases/WavePage'), 'WavePage'),
})
const caseStatistics = createRoute({
  ...within,
  path: '/case-statistics',
  component: lazyRouteComponent(() => import('../../features/cases/StatisticsPage'), 'StatisticsPage'),
})
const clearance = createRoute({
  ...within,
  path: '/clearance',
  validateSearch: texts('q', 'market', 'caseId', 'registrationId'),
  component: lazyRouteComponent(() => import('../../features/clearance/ReportsPage'), 'ReportsPage'),
})
const newClearance = createRoute({
  ...within,
  path: '/clearance/new',
  validateSearch: texts('registration', 'case'),
  component: lazyRouteComponent(() => import('../../features/clearance/AskPage'), 'AskPage'),
})
const clearanceReport = createRoute({
  ...within,
  path: '/clearance/$id',
  component: lazyRouteComponent(() => import('../../features/clearance/ReportPage'), 'ReportPage'),
})
const earlierMarks = createRoute({
  ...within,
  path: '/earlier-marks',
  validateSearch: texts('q', 'kind', 'office', 'listId'),
  component: lazyRouteComponent(() => import('../../features/clearance/MarksPage'), 'MarksPage'),
})

/** Recognition cases, waves of them, and clearance of names. */
export const casesRoutes = [
  cases,
  recognitionCase,
  waves,
  wave,
  caseStatistics,
  clearance,
  newClearance,
  clearanceReport,
  earlierMarks,
] as const
