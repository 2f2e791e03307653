import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { house, root, texts, within } from './routes/base'
import { casesRoutes } from './routes/cases'
import { exchangeRoutes } from './routes/exchange'
import { marksRoutes } from './routes/marks'
import { membersRoutes } from './routes/members'
import { papersRoutes } from './routes/papers'
import { promotionRoutes } from './routes/promotion'
import { registerRoutes } from './routes/register'
import { tenantRoutes } from './routes/tenant'
import { Loading } from './states'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: texts('next'),
  component: lazyRouteComponent(() => import('../features/identity/SignInPage'), 'SignInPage'),
})
const home = createRoute({
  ...within,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/HomePage'), 'HomePage'),
})

const routeTree = root.addChildren([
  signIn,
  house.addChildren([
    home,
    ...registerRoutes,
    ...casesRoutes,
    ...membersRoutes,
    ...marksRoutes,
    ...promotionRoutes,
    ...papersRoutes,
    ...tenantRoutes,
    ...exchangeRoutes,
  ]),
])

export const router = createRouter({
  routeTree,
  basepath: '/app',
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
