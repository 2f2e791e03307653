import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { session } from '../../api/session'
import { Lost, Trouble } from '../states'

/** What an address may say after its question mark: short texts; anything else is left out. */
export const texts =
  <const K extends string>(...names: K[]) =>
  (search: Record<string, unknown>) => {
    const said: { [name in K]?: string } = {}
    for (const name of names) {
      const value = search[name]
      if (typeof value === 'string' && value !== '') said[name] = value
      if (typeof value === 'number') said[name] = String(value)
    }
    return said
  }

export const root = createRootRoute({ component: Outlet, notFoundComponent: Lost, errorComponent: Trouble })

/** Everything that somebody signs in for. */
export const house = createRoute({
  getParentRoute: () => root,
  id: 'house',
  beforeLoad: async ({ location }) => {
    if (!(await session())) throw redirect({ to: '/sign-in', search: { next: location.href } })
  },
  component: lazyRouteComponent(() => import('../Shell'), 'Shell'),
})
export const within = { getParentRoute: () => house }
