import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const registrations = createRoute({
  ...within,
  path: '/registrations',
  validateSearch: texts('q', 'status', 'office', 'hs'),
  component: lazyRouteComponent(() => import('../../features/registry/RegistrationsPage'), 'RegistrationsPage'),
})
const newRegistration = createRoute({
  ...within,
  path: '/registrations/new',
  component: lazyRouteComponent(() => import('../../features/registry/DraftPage'), 'DraftPage'),
})
const importing = createRoute({
  ...within,
  path: '/registrations/import',
  validateSearch: texts('id'),
  component: lazyRouteComponent(() => import('../../features/registry/ImportPage'), 'ImportPage'),
})
const registration = createRoute({
  ...within,
  path: '/registrations/$id',
  validateSearch: texts('on', 'asOf'),
  component: lazyRouteComponent(() => import('../../features/registry/RegistrationPage'), 'RegistrationPage'),
})
const editRegistration = createRoute({
  ...within,
  path: '/registrations/$id/edit',
  component: lazyRouteComponent(() => import('../../features/registry/EditPage'), 'EditPage'),
})
const instruments = createRoute({
  ...within,
  path: '/instruments',
  validateSearch: texts('q', 'kind', 'party', 'on'),
  component: lazyRouteComponent(() => import('../../features/recognition/InstrumentsPage'), 'InstrumentsPage'),
})
const newInstrument = createRoute({
  ...within,
  path: '/instruments/new',
  component: lazyRouteComponent(() => import('../../features/recognition/NewInstrumentPage'), 'NewInstrumentPage'),
})
const instrument = createRoute({
  ...within,
  path: '/instruments/$id',
  component: lazyRouteComponent(() => import('../../features/recognition/InstrumentPage'), 'InstrumentPage'),
})
const editInstrument = createRoute({
  ...within,
  path: '/instruments/$id/edit',
  component: lazyRouteComponent(() => import('../../features/recognition/InstrumentEditPage'), 'InstrumentEditPage'),
})
const procedure = createRoute({
  ...within,
  path: '/instruments/$id/procedure',
  component: lazyRouteComponent(() => import('../../features/recognition/ProcedurePage'), 'ProcedurePage'),
})
const recognitions = createRoute({
  ...within,
  path: '/recognitions',
  validateSearch: texts('q', 'market', 'protection', 'on', 'instrumentId', 'registrationId'),
  component: lazyRouteComponent(() => import('../../features/recognition/RecognitionsPage'), 'RecognitionsPage'),
})
const newRecognition = createRoute({
  ...within,
  path: '/recognitions/new',
  validateSearch: texts('instrument', 'name', 'market'),
  component: lazyRouteComponent(() => import('../../features/recognition/RecordPage'), 'RecordPage'),
})
const recognition = createRoute({
  ...within,
  path: '/recognitions/$id',
  validateSearch: texts('asOf'),
  component: lazyRouteComponent(() => import('../../features/recognition/RecognitionPage'), 'RecognitionPage'),
})
const editRecognition = createRoute({
  ...within,
  path: '/recognitions/$id/edit',
  component: lazyRouteComponent(() => import('../../features/recognition/RecognitionEditPage'), 'RecognitionEditPage'),
})
const credentials = createRoute({
  ...within,
  path: '/credentials',
  validateSearch: texts('kind', 'status', 'recordId'),
  component: lazyRouteComponent(() => import('../../features/credential/CredentialsPage'), 'CredentialsPage'),
})
const newCredential = createRoute({
  ...within,
  path: '/credentials/new',
  validateSearch: texts('kind', 'record'),
  component: lazyRouteComponent(() => import('../../features/credential/IssuePage'), 'IssuePage'),
})
const credential = createRoute({
  ...within,
  path: '/credentials/$id',
  component: lazyRouteComponent(() => import('../../features/credential/CredentialPage'), 'CredentialPage'),
})
const status = createRoute({
  ...within,
  path: '/status',
  validateSearch: texts('name', 'market', 'on', 'holder'),
  component: lazyRouteComponent(() => import('../../features/status/StatusPage'), 'StatusPage'),
})

/** What is registered and recognised, and the certificates of it. */
export const registerRoutes = [
  registrations,
  newRegistration,
  importing,
  registration,
  editRegistration,
  instruments,
  newInstrument,
  instrument,
  editInstrument,
  procedure,
  recognitions,
  newRecognition,
  recognition,
  editRecognition,
  credentials,
  newCredential,
  credential,
  status,
] as const
