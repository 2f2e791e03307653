import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const publications = createRoute({
  ...within,
  path: '/publications',
  validateSearch: texts('kind', 'audience', 'withdrawn'),
  component: lazyRouteComponent(() => import('../../features/exchange/PublicationsPage'), 'PublicationsPage'),
})
const grants = createRoute({
  ...within,
  path: '/grants',
  validateSearch: texts('side', 'state'),
  component: lazyRouteComponent(() => import('../../features/exchange/GrantsPage'), 'GrantsPage'),
})
const receipts = createRoute({
  ...within,
  path: '/receipts',
  validateSearch: texts('side', 'act', 'other'),
  component: lazyRouteComponent(() => import('../../features/exchange/ReceiptsPage'), 'ReceiptsPage'),
})
const webhooks = createRoute({
  ...within,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('../../features/exchange/WebhooksPage'), 'WebhooksPage'),
})
const webhook = createRoute({
  ...within,
  path: '/webhooks/$id',
  component: lazyRouteComponent(() => import('../../features/exchange/WebhookPage'), 'WebhookPage'),
})
const received = createRoute({
  ...within,
  path: '/received',
  validateSearch: texts('q', 'kind', 'house', 'proved', 'ended'),
  component: lazyRouteComponent(() => import('../../features/exchange/ReceivedPage'), 'ReceivedPage'),
})
const receivedOne = createRoute({
  ...within,
  path: '/received/$id',
  component: lazyRouteComponent(() => import('../../features/exchange/ReceivedOnePage'), 'ReceivedOnePage'),
})
const partners = createRoute({
  ...within,
  path: '/partners',
  component: lazyRouteComponent(() => import('../../features/exchange/PartnersPage'), 'PartnersPage'),
})
const feed = createRoute({
  ...within,
  path: '/feed',
  component: lazyRouteComponent(() => import('../../features/exchange/FeedPage'), 'FeedPage'),
})
const usage = createRoute({
  ...within,
  path: '/usage',
  component: lazyRouteComponent(() => import('../../features/exchange/UsagePage'), 'UsagePage'),
})
const log = createRoute({
  ...within,
  path: '/log',
  component: lazyRouteComponent(() => import('../../features/exchange/LogPage'), 'LogPage'),
})

/** What crosses the wall, and what is seen of it. */
export const exchangeRoutes = [
  publications,
  grants,
  receipts,
  webhooks,
  webhook,
  received,
  receivedOne,
  partners,
  feed,
  usage,
  log,
] as const
