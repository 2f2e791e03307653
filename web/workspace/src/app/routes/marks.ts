import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const markAuthorisations = createRoute({
  ...within,
  path: '/mark-authorisations',
  validateSearch: texts('q', 'status', 'kind', 'township', 'exports', 'registrationId'),
  component: lazyRouteComponent(() => import('../../features/marks/AuthorisationsPage'), 'AuthorisationsPage'),
})
const newMarkAuthorisation = createRoute({
  ...within,
  path: '/mark-authorisations/new',
  validateSearch: texts('registration', 'code', 'name'),
  component: lazyRouteComponent(() => import('../../features/marks/ApplyPage'), 'ApplyPage'),
})
const markAuthorisation = createRoute({
  ...within,
  path: '/mark-authorisations/$id',
  component: lazyRouteComponent(() => import('../../features/marks/AuthorisationPage'), 'AuthorisationPage'),
})
const editMarkAuthorisation = createRoute({
  ...within,
  path: '/mark-authorisations/$id/edit',
  component: lazyRouteComponent(() => import('../../features/marks/AmendPage'), 'AmendPage'),
})
const markBatches = createRoute({
  ...within,
  path: '/mark-batches',
  validateSearch: texts('registrationId', 'authorisationId', 'printer', 'code'),
  component: lazyRouteComponent(() => import('../../features/marks/BatchesPage'), 'BatchesPage'),
})
const newMarkBatch = createRoute({
  ...within,
  path: '/mark-batches/new',
  validateSearch: texts('registration'),
  component: lazyRouteComponent(() => import('../../features/marks/OrderPage'), 'OrderPage'),
})
const markBatch = createRoute({
  ...within,
  path: '/mark-batches/$id',
  validateSearch: texts('number'),
  component: lazyRouteComponent(() => import('../../features/marks/BatchPage'), 'BatchPage'),
})
const markMoves = createRoute({
  ...within,
  path: '/mark-moves',
  validateSearch: texts('batchId', 'act', 'authorisationId', 'happenedFrom', 'happenedTo'),
  component: lazyRouteComponent(() => import('../../features/marks/MovesPage'), 'MovesPage'),
})
const markImages = createRoute({
  ...within,
  path: '/mark-images',
  validateSearch: texts('status'),
  component: lazyRouteComponent(() => import('../../features/marks/ImagesPage'), 'ImagesPage'),
})
const markUsage = createRoute({
  ...within,
  path: '/mark-usage',
  validateSearch: texts('registrationId', 'from', 'to', 'using', 'exports', 'township'),
  component: lazyRouteComponent(() => import('../../features/marks/UsagePage'), 'UsagePage'),
})
const markProducers = createRoute({
  ...within,
  path: '/mark-producers',
  validateSearch: texts('q', 'registrationId', 'township', 'exports', 'counted'),
  component: lazyRouteComponent(() => import('../../features/marks/ProducersPage'), 'ProducersPage'),
})
const markLots = createRoute({
  ...within,
  path: '/mark-lots',
  validateSearch: texts('q', 'authorisationId', 'harvest'),
  component: lazyRouteComponent(() => import('../../features/marks/LotsPage'), 'LotsPage'),
})
const markRisks = createRoute({
  ...within,
  path: '/mark-risks',
  validateSearch: texts('registrationId', 'township'),
  component: lazyRouteComponent(() => import('../../features/marks/RisksPage'), 'RisksPage'),
})
const markVisits = createRoute({
  ...within,
  path: '/mark-visits',
  validateSearch: texts('authorisationId', 'status', 'outcome'),
  component: lazyRouteComponent(() => import('../../features/marks/VisitsPage'), 'VisitsPage'),
})
const markComplaints = createRoute({
  ...within,
  path: '/mark-complaints',
  validateSearch: texts('authorisationId', 'status'),
  component: lazyRouteComponent(() => import('../../features/marks/ComplaintsPage'), 'ComplaintsPage'),
})
const markApplications = createRoute({
  ...within,
  path: '/mark-applications',
  validateSearch: texts('q', 'status'),
  component: lazyRouteComponent(() => import('../../features/marks/ApplicationsPage'), 'ApplicationsPage'),
})
const newMarkApplication = createRoute({
  ...within,
  path: '/mark-applications/new',
  component: lazyRouteComponent(() => import('../../features/marks/NewApplicationPage'), 'NewApplicationPage'),
})
const markApplication = createRoute({
  ...within,
  path: '/mark-applications/$id',
  component: lazyRouteComponent(() => import('../../features/marks/ApplicationPage'), 'ApplicationPage'),
})
const markAlerts = createRoute({
  ...within,
  path: '/mark-alerts',
  validateSearch: texts('kind', 'status', 'batchId'),
  component: lazyRouteComponent(() => import('../../features/marks/AlertsPage'), 'AlertsPage'),
})
const markAlert = createRoute({
  ...within,
  path: '/mark-alerts/$id',
  component: lazyRouteComponent(() => import('../../features/marks/AlertPage'), 'AlertPage'),
})

/** The special mark: who may use it, its ledger, and supervision. */
export const marksRoutes = [
  markAuthorisations,
  newMarkAuthorisation,
  markAuthorisation,
  editMarkAuthorisation,
  markBatches,
  newMarkBatch,
  markBatch,
  markMoves,
  markImages,
  markUsage,
  markProducers,
  markLots,
  markRisks,
  markVisits,
  markComplaints,
  markApplications,
  newMarkApplication,
  markApplication,
  markAlerts,
  markAlert,
] as const
