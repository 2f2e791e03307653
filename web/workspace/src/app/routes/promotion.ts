import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const promotionProgrammes = createRoute({
  ...within,
  path: '/promotion-programmes',
  validateSearch: texts('q', 'status', 'kind', 'whose', 'country', 'topic'),
  component: lazyRouteComponent(() => import('../../features/promotion/CallsPage'), 'CallsPage'),
})
const newPromotionProgramme = createRoute({
  ...within,
  path: '/promotion-programmes/new',
  component: lazyRouteComponent(() => import('../../features/promotion/NewCallPage'), 'NewCallPage'),
})
const promotionProgramme = createRoute({
  ...within,
  path: '/promotion-programmes/$id',
  component: lazyRouteComponent(() => import('../../features/promotion/CallPage'), 'CallPage'),
})
const editPromotionProgramme = createRoute({
  ...within,
  path: '/promotion-programmes/$id/edit',
  component: lazyRouteComponent(() => import('../../features/promotion/EditCallPage'), 'EditCallPage'),
})
const promotionPlatforms = createRoute({
  ...within,
  path: '/promotion-platforms',
  validateSearch: texts('q', 'level', 'status'),
  component: lazyRouteComponent(() => import('../../features/promotion/PlatformsPage'), 'PlatformsPage'),
})
const newPromotionPlatform = createRoute({
  ...within,
  path: '/promotion-platforms/new',
  component: lazyRouteComponent(() => import('../../features/promotion/NewPlatformPage'), 'NewPlatformPage'),
})
const promotionPlatform = createRoute({
  ...within,
  path: '/promotion-platforms/$id',
  component: lazyRouteComponent(() => import('../../features/promotion/PlatformPage'), 'PlatformPage'),
})
const editPromotionPlatform = createRoute({
  ...within,
  path: '/promotion-platforms/$id/edit',
  component: lazyRouteComponent(() => import('../../features/promotion/EditPlatformPage'), 'EditPlatformPage'),
})
const mirrorPromotionPlatform = createRoute({
  ...within,
  path: '/promotion-platforms/$id/mirror',
  component: lazyRouteComponent(() => import('../../features/promotion/MirrorCallPage'), 'MirrorCallPage'),
})
const promotionApplications = createRoute({
  ...within,
  path: '/promotion-applications',
  validateSearch: texts('q', 'programmeId', 'status', 'whose'),
  component: lazyRouteComponent(() => import('../../features/promotion/ApplicationsPage'), 'ApplicationsPage'),
})
const promotionApplication = createRoute({
  ...within,
  path: '/promotion-applications/$id',
  component: lazyRouteComponent(() => import('../../features/promotion/ApplicationPage'), 'ApplicationPage'),
})
const editPromotionApplication = createRoute({
  ...within,
  path: '/promotion-applications/$id/edit',
  component: lazyRouteComponent(() => import('../../features/promotion/FormPage'), 'FormPage'),
})
const promotionClaims = createRoute({
  ...within,
  path: '/promotion-claims',
  validateSearch: texts('programmeId', 'status'),
  component: lazyRouteComponent(() => import('../../features/promotion/ClaimsPage'), 'ClaimsPage'),
})
const newPromotionClaim = createRoute({
  ...within,
  path: '/promotion-claims/new',
  validateSearch: texts('award'),
  component: lazyRouteComponent(() => import('../../features/promotion/NewClaimPage'), 'NewClaimPage'),
})
const promotionClaim = createRoute({
  ...within,
  path: '/promotion-claims/$id',
  component: lazyRouteComponent(() => import('../../features/promotion/ClaimPage'), 'ClaimPage'),
})
const promotionResults = createRoute({
  ...within,
  path: '/promotion-results',
  validateSearch: texts('programmeId', 'country'),
  component: lazyRouteComponent(() => import('../../features/promotion/ResultsPage'), 'ResultsPage'),
})
const promotionDashboard = createRoute({
  ...within,
  path: '/promotion-dashboard',
  validateSearch: texts('year'),
  component: lazyRouteComponent(() => import('../../features/promotion/DashboardPage'), 'DashboardPage'),
})

/** Support abroad, from the call to the settled result. */
export const promotionRoutes = [
  promotionProgrammes,
  newPromotionProgramme,
  promotionProgramme,
  editPromotionProgramme,
  promotionPlatforms,
  newPromotionPlatform,
  promotionPlatform,
  editPromotionPlatform,
  mirrorPromotionPlatform,
  promotionApplications,
  promotionApplication,
  editPromotionApplication,
  promotionClaims,
  newPromotionClaim,
  promotionClaim,
  promotionResults,
  promotionDashboard,
] as const
