import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const people = createRoute({
  ...within,
  path: '/people',
  validateSearch: texts('q'),
  component: lazyRouteComponent(() => import('../../features/identity/PeoplePage'), 'PeoplePage'),
})
const roles = createRoute({
  ...within,
  path: '/roles',
  component: lazyRouteComponent(() => import('../../features/identity/RolesPage'), 'RolesPage'),
})
const apiClients = createRoute({
  ...within,
  path: '/api-clients',
  component: lazyRouteComponent(() => import('../../features/identity/ApiClientsPage'), 'ApiClientsPage'),
})
const keys = createRoute({
  ...within,
  path: '/keys',
  component: lazyRouteComponent(() => import('../../features/identity/KeysPage'), 'KeysPage'),
})
const settings = createRoute({
  ...within,
  path: '/settings',
  component: lazyRouteComponent(() => import('../../features/identity/SettingsPage'), 'SettingsPage'),
})
const audit = createRoute({
  ...within,
  path: '/audit',
  validateSearch: texts('from', 'to', 'action', 'actor', 'objectKind', 'objectId'),
  component: lazyRouteComponent(() => import('../../features/audit/AuditPage'), 'AuditPage'),
})
const tasks = createRoute({
  ...within,
  path: '/tasks',
  validateSearch: texts('status'),
  component: lazyRouteComponent(() => import('../../features/jobs/TasksPage'), 'TasksPage'),
})

/** People, settings and the trail of the tenant. */
export const tenantRoutes = [people, roles, apiClients, keys, settings, audit, tasks] as const
