import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const dossiers = createRoute({
  ...within,
  path: '/dossiers',
  validateSearch: texts('q', 'status'),
  component: lazyRouteComponent(() => import('../../features/dossier/DossiersPage'), 'DossiersPage'),
})
const newDossier = createRoute({
  ...within,
  path: '/dossiers/new',
  validateSearch: texts('registration'),
  component: lazyRouteComponent(() => import('../../features/dossier/NewDossierPage'), 'NewDossierPage'),
})
const dossier = createRoute({
  ...within,
  path: '/dossiers/$id',
  validateSearch: texts('tab', 'language'),
  component: lazyRouteComponent(() => import('../../features/dossier/DossierPage'), 'DossierPage'),
})
const documents = createRoute({
  ...within,
  path: '/documents',
  validateSearch: texts('q', 'status'),
  component: lazyRouteComponent(() => import('../../features/document/DocumentsPage'), 'DocumentsPage'),
})
const document = createRoute({
  ...within,
  path: '/documents/$id',
  component: lazyRouteComponent(() => import('../../features/document/DocumentPage'), 'DocumentPage'),
})

/** Dossiers and documents. */
export const papersRoutes = [dossiers, newDossier, dossier, documents, document] as const
