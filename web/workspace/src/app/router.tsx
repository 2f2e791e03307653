import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { session } from '../api/session'
import { Loading, Lost, Trouble } from './states'

/** What an address may say after its question mark: short texts; anything else is left out. */
const texts =
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

const root = createRootRoute({ component: Outlet, notFoundComponent: Lost, errorComponent: Trouble })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: texts('next'),
  component: lazyRouteComponent(() => import('../features/identity/SignInPage'), 'SignInPage'),
})

const house = createRoute({
  getParentRoute: () => root,
  id: 'house',
  beforeLoad: async ({ location }) => {
    if (!(await session())) throw redirect({ to: '/sign-in', search: { next: location.href } })
  },
  component: lazyRouteComponent(() => import('./Shell'), 'Shell'),
})
const within = { getParentRoute: () => house }

const home = createRoute({
  ...within,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/HomePage'), 'HomePage'),
})

const registrations = createRoute({
  ...within,
  path: '/registrations',
  validateSearch: texts('q', 'status', 'office', 'hs'),
  component: lazyRouteComponent(() => import('../features/registry/RegistrationsPage'), 'RegistrationsPage'),
})
const newRegistration = createRoute({
  ...within,
  path: '/registrations/new',
  component: lazyRouteComponent(() => import('../features/registry/DraftPage'), 'DraftPage'),
})
const importing = createRoute({
  ...within,
  path: '/registrations/import',
  validateSearch: texts('id'),
  component: lazyRouteComponent(() => import('../features/registry/ImportPage'), 'ImportPage'),
})
const registration = createRoute({
  ...within,
  path: '/registrations/$id',
  validateSearch: texts('on', 'asOf'),
  component: lazyRouteComponent(() => import('../features/registry/RegistrationPage'), 'RegistrationPage'),
})
const editRegistration = createRoute({
  ...within,
  path: '/registrations/$id/edit',
  component: lazyRouteComponent(() => import('../features/registry/EditPage'), 'EditPage'),
})

const instruments = createRoute({
  ...within,
  path: '/instruments',
  validateSearch: texts('q', 'kind', 'party', 'on'),
  component: lazyRouteComponent(() => import('../features/recognition/InstrumentsPage'), 'InstrumentsPage'),
})
const newInstrument = createRoute({
  ...within,
  path: '/instruments/new',
  component: lazyRouteComponent(() => import('../features/recognition/NewInstrumentPage'), 'NewInstrumentPage'),
})
const instrument = createRoute({
  ...within,
  path: '/instruments/$id',
  component: lazyRouteComponent(() => import('../features/recognition/InstrumentPage'), 'InstrumentPage'),
})
const editInstrument = createRoute({
  ...within,
  path: '/instruments/$id/edit',
  component: lazyRouteComponent(() => import('../features/recognition/InstrumentEditPage'), 'InstrumentEditPage'),
})
const procedure = createRoute({
  ...within,
  path: '/instruments/$id/procedure',
  component: lazyRouteComponent(() => import('../features/recognition/ProcedurePage'), 'ProcedurePage'),
})
const recognitions = createRoute({
  ...within,
  path: '/recognitions',
  validateSearch: texts('q', 'market', 'protection', 'on', 'instrumentId', 'registrationId'),
  component: lazyRouteComponent(() => import('../features/recognition/RecognitionsPage'), 'RecognitionsPage'),
})
const newRecognition = createRoute({
  ...within,
  path: '/recognitions/new',
  validateSearch: texts('instrument', 'name', 'market'),
  component: lazyRouteComponent(() => import('../features/recognition/RecordPage'), 'RecordPage'),
})
const recognition = createRoute({
  ...within,
  path: '/recognitions/$id',
  validateSearch: texts('asOf'),
  component: lazyRouteComponent(() => import('../features/recognition/RecognitionPage'), 'RecognitionPage'),
})
const editRecognition = createRoute({
  ...within,
  path: '/recognitions/$id/edit',
  component: lazyRouteComponent(() => import('../features/recognition/RecognitionEditPage'), 'RecognitionEditPage'),
})

const credentials = createRoute({
  ...within,
  path: '/credentials',
  validateSearch: texts('kind', 'status', 'recordId'),
  component: lazyRouteComponent(() => import('../features/credential/CredentialsPage'), 'CredentialsPage'),
})
const newCredential = createRoute({
  ...within,
  path: '/credentials/new',
  validateSearch: texts('kind', 'record'),
  component: lazyRouteComponent(() => import('../features/credential/IssuePage'), 'IssuePage'),
})
const credential = createRoute({
  ...within,
  path: '/credentials/$id',
  component: lazyRouteComponent(() => import('../features/credential/CredentialPage'), 'CredentialPage'),
})

const status = createRoute({
  ...within,
  path: '/status',
  validateSearch: texts('name', 'market', 'on', 'holder'),
  component: lazyRouteComponent(() => import('../features/status/StatusPage'), 'StatusPage'),
})

const cases = createRoute({
  ...within,
  path: '/cases',
  validateSearch: texts('q', 'side', 'state', 'overdue', 'view'),
  component: lazyRouteComponent(() => import('../features/cases/CasesPage'), 'CasesPage'),
})
const recognitionCase = createRoute({
  ...within,
  path: '/cases/$id',
  component: lazyRouteComponent(() => import('../features/cases/CasePage'), 'CasePage'),
})

const waves = createRoute({
  ...within,
  path: '/waves',
  component: lazyRouteComponent(() => import('../features/cases/WavesPage'), 'WavesPage'),
})
const wave = createRoute({
  ...within,
  path: '/waves/$id',
  component: lazyRouteComponent(() => import('../features/cases/WavePage'), 'WavePage'),
})
const caseStatistics = createRoute({
  ...within,
  path: '/case-statistics',
  component: lazyRouteComponent(() => import('../features/cases/StatisticsPage'), 'StatisticsPage'),
})

const clearance = createRoute({
  ...within,
  path: '/clearance',
  validateSearch: texts('q', 'market', 'caseId', 'registrationId'),
  component: lazyRouteComponent(() => import('../features/clearance/ReportsPage'), 'ReportsPage'),
})
const newClearance = createRoute({
  ...within,
  path: '/clearance/new',
  validateSearch: texts('registration', 'case'),
  component: lazyRouteComponent(() => import('../features/clearance/AskPage'), 'AskPage'),
})
const clearanceReport = createRoute({
  ...within,
  path: '/clearance/$id',
  component: lazyRouteComponent(() => import('../features/clearance/ReportPage'), 'ReportPage'),
})
const earlierMarks = createRoute({
  ...within,
  path: '/earlier-marks',
  validateSearch: texts('q', 'kind', 'office', 'listId'),
  component: lazyRouteComponent(() => import('../features/clearance/MarksPage'), 'MarksPage'),
})

const members = createRoute({
  ...within,
  path: '/members',
  validateSearch: texts('q', 'category', 'status', 'standing'),
  component: lazyRouteComponent(() => import('../features/members/MembersPage'), 'MembersPage'),
})
const dues = createRoute({
  ...within,
  path: '/dues',
  validateSearch: texts('q', 'year', 'state', 'sort', 'reminder'),
  component: lazyRouteComponent(() => import('../features/members/DuesPage'), 'DuesPage'),
})
const meetings = createRoute({
  ...within,
  path: '/meetings',
  validateSearch: texts('q', 'kind', 'status'),
  component: lazyRouteComponent(() => import('../features/members/MeetingsPage'), 'MeetingsPage'),
})
const newMeeting = createRoute({
  ...within,
  path: '/meetings/new',
  component: lazyRouteComponent(() => import('../features/members/NewMeetingPage'), 'NewMeetingPage'),
})
const meeting = createRoute({
  ...within,
  path: '/meetings/$id',
  component: lazyRouteComponent(() => import('../features/members/MeetingPage'), 'MeetingPage'),
})
const editMeeting = createRoute({
  ...within,
  path: '/meetings/$id/edit',
  component: lazyRouteComponent(() => import('../features/members/EditMeetingPage'), 'EditMeetingPage'),
})
const newMember = createRoute({
  ...within,
  path: '/members/new',
  component: lazyRouteComponent(() => import('../features/members/NewMemberPage'), 'NewMemberPage'),
})
const member = createRoute({
  ...within,
  path: '/members/$id',
  component: lazyRouteComponent(() => import('../features/members/MemberPage'), 'MemberPage'),
})
const editMember = createRoute({
  ...within,
  path: '/members/$id/edit',
  component: lazyRouteComponent(() => import('../features/members/EditMemberPage'), 'EditMemberPage'),
})

const markAuthorisations = createRoute({
  ...within,
  path: '/mark-authorisations',
  validateSearch: texts('q', 'status', 'kind', 'township', 'exports', 'registrationId'),
  component: lazyRouteComponent(() => import('../features/marks/AuthorisationsPage'), 'AuthorisationsPage'),
})
const newMarkAuthorisation = createRoute({
  ...within,
  path: '/mark-authorisations/new',
  validateSearch: texts('registration', 'code', 'name'),
  component: lazyRouteComponent(() => import('../features/marks/ApplyPage'), 'ApplyPage'),
})
const markAuthorisation = createRoute({
  ...within,
  path: '/mark-authorisations/$id',
  component: lazyRouteComponent(() => import('../features/marks/AuthorisationPage'), 'AuthorisationPage'),
})
const editMarkAuthorisation = createRoute({
  ...within,
  path: '/mark-authorisations/$id/edit',
  component: lazyRouteComponent(() => import('../features/marks/AmendPage'), 'AmendPage'),
})
const markBatches = createRoute({
  ...within,
  path: '/mark-batches',
  validateSearch: texts('registrationId', 'authorisationId', 'printer', 'code'),
  component: lazyRouteComponent(() => import('../features/marks/BatchesPage'), 'BatchesPage'),
})
const newMarkBatch = createRoute({
  ...within,
  path: '/mark-batches/new',
  validateSearch: texts('registration'),
  component: lazyRouteComponent(() => import('../features/marks/OrderPage'), 'OrderPage'),
})
const markBatch = createRoute({
  ...within,
  path: '/mark-batches/$id',
  validateSearch: texts('number'),
  component: lazyRouteComponent(() => import('../features/marks/BatchPage'), 'BatchPage'),
})
const markMoves = createRoute({
  ...within,
  path: '/mark-moves',
  validateSearch: texts('batchId', 'act', 'authorisationId', 'happenedFrom', 'happenedTo'),
  component: lazyRouteComponent(() => import('../features/marks/MovesPage'), 'MovesPage'),
})

const markImages = createRoute({
  ...within,
  path: '/mark-images',
  validateSearch: texts('status'),
  component: lazyRouteComponent(() => import('../features/marks/ImagesPage'), 'ImagesPage'),
})
const markUsage = createRoute({
  ...within,
  path: '/mark-usage',
  validateSearch: texts('registrationId', 'from', 'to', 'using', 'exports', 'township'),
  component: lazyRouteComponent(() => import('../features/marks/UsagePage'), 'UsagePage'),
})
const markProducers = createRoute({
  ...within,
  path: '/mark-producers',
  validateSearch: texts('q', 'registrationId', 'township', 'exports', 'counted'),
  component: lazyRouteComponent(() => import('../features/marks/ProducersPage'), 'ProducersPage'),
})
const markLots = createRoute({
  ...within,
  path: '/mark-lots',
  validateSearch: texts('q', 'authorisationId', 'harvest'),
  component: lazyRouteComponent(() => import('../features/marks/LotsPage'), 'LotsPage'),
})
const markRisks = createRoute({
  ...within,
  path: '/mark-risks',
  validateSearch: texts('registrationId', 'township'),
  component: lazyRouteComponent(() => import('../features/marks/RisksPage'), 'RisksPage'),
})
const markVisits = createRoute({
  ...within,
  path: '/mark-visits',
  validateSearch: texts('authorisationId', 'status', 'outcome'),
  component: lazyRouteComponent(() => import('../features/marks/VisitsPage'), 'VisitsPage'),
})
const markComplaints = createRoute({
  ...within,
  path: '/mark-complaints',
  validateSearch: texts('authorisationId', 'status'),
  component: lazyRouteComponent(() => import('../features/marks/ComplaintsPage'), 'ComplaintsPage'),
})
const markApplications = createRoute({
  ...within,
  path: '/mark-applications',
  validateSearch: texts('q', 'status'),
  component: lazyRouteComponent(() => import('../features/marks/ApplicationsPage'), 'ApplicationsPage'),
})
const newMarkApplication = createRoute({
  ...within,
  path: '/mark-applications/new',
  component: lazyRouteComponent(() => import('../features/marks/NewApplicationPage'), 'NewApplicationPage'),
})
const markApplication = createRoute({
  ...within,
  path: '/mark-applications/$id',
  component: lazyRouteComponent(() => import('../features/marks/ApplicationPage'), 'ApplicationPage'),
})
const markAlerts = createRoute({
  ...within,
  path: '/mark-alerts',
  validateSearch: texts('kind', 'status', 'batchId'),
  component: lazyRouteComponent(() => import('../features/marks/AlertsPage'), 'AlertsPage'),
})
const markAlert = createRoute({
  ...within,
  path: '/mark-alerts/$id',
  component: lazyRouteComponent(() => import('../features/marks/AlertPage'), 'AlertPage'),
})

const promotionProgrammes = createRoute({
  ...within,
  path: '/promotion-programmes',
  validateSearch: texts('q', 'status', 'kind', 'whose', 'country'),
  component: lazyRouteComponent(() => import('../features/promotion/CallsPage'), 'CallsPage'),
})
const newPromotionProgramme = createRoute({
  ...within,
  path: '/promotion-programmes/new',
  component: lazyRouteComponent(() => import('../features/promotion/NewCallPage'), 'NewCallPage'),
})
const promotionProgramme = createRoute({
  ...within,
  path: '/promotion-programmes/$id',
  component: lazyRouteComponent(() => import('../features/promotion/CallPage'), 'CallPage'),
})
const editPromotionProgramme = createRoute({
  ...within,
  path: '/promotion-programmes/$id/edit',
  component: lazyRouteComponent(() => import('../features/promotion/EditCallPage'), 'EditCallPage'),
})

const promotionApplications = createRoute({
  ...within,
  path: '/promotion-applications',
  validateSearch: texts('q', 'programmeId', 'status', 'whose'),
  component: lazyRouteComponent(() => import('../features/promotion/ApplicationsPage'), 'ApplicationsPage'),
})
const promotionApplication = createRoute({
  ...within,
  path: '/promotion-applications/$id',
  component: lazyRouteComponent(() => import('../features/promotion/ApplicationPage'), 'ApplicationPage'),
})
const editPromotionApplication = createRoute({
  ...within,
  path: '/promotion-applications/$id/edit',
  component: lazyRouteComponent(() => import('../features/promotion/FormPage'), 'FormPage'),
})

const promotionClaims = createRoute({
  ...within,
  path: '/promotion-claims',
  validateSearch: texts('programmeId', 'status'),
  component: lazyRouteComponent(() => import('../features/promotion/ClaimsPage'), 'ClaimsPage'),
})
const newPromotionClaim = createRoute({
  ...within,
  path: '/promotion-claims/new',
  validateSearch: texts('award'),
  component: lazyRouteComponent(() => import('../features/promotion/NewClaimPage'), 'NewClaimPage'),
})
const promotionClaim = createRoute({
  ...within,
  path: '/promotion-claims/$id',
  component: lazyRouteComponent(() => import('../features/promotion/ClaimPage'), 'ClaimPage'),
})
const promotionResults = createRoute({
  ...within,
  path: '/promotion-results',
  validateSearch: texts('programmeId', 'country'),
  component: lazyRouteComponent(() => import('../features/promotion/ResultsPage'), 'ResultsPage'),
})
const promotionDashboard = createRoute({
  ...within,
  path: '/promotion-dashboard',
  validateSearch: texts('year'),
  component: lazyRouteComponent(() => import('../features/promotion/DashboardPage'), 'DashboardPage'),
})

const dossiers = createRoute({
  ...within,
  path: '/dossiers',
  validateSearch: texts('q', 'status'),
  component: lazyRouteComponent(() => import('../features/dossier/DossiersPage'), 'DossiersPage'),
})
const newDossier = createRoute({
  ...within,
  path: '/dossiers/new',
  validateSearch: texts('registration'),
  component: lazyRouteComponent(() => import('../features/dossier/NewDossierPage'), 'NewDossierPage'),
})
const dossier = createRoute({
  ...within,
  path: '/dossiers/$id',
  validateSearch: texts('tab', 'language'),
  component: lazyRouteComponent(() => import('../features/dossier/DossierPage'), 'DossierPage'),
})

const documents = createRoute({
  ...within,
  path: '/documents',
  validateSearch: texts('q', 'status'),
  component: lazyRouteComponent(() => import('../features/document/DocumentsPage'), 'DocumentsPage'),
})
const document = createRoute({
  ...within,
  path: '/documents/$id',
  component: lazyRouteComponent(() => import('../features/document/DocumentPage'), 'DocumentPage'),
})

const people = createRoute({
  ...within,
  path: '/people',
  validateSearch: texts('q'),
  component: lazyRouteComponent(() => import('../features/identity/PeoplePage'), 'PeoplePage'),
})
const roles = createRoute({
  ...within,
  path: '/roles',
  component: lazyRouteComponent(() => import('../features/identity/RolesPage'), 'RolesPage'),
})
const apiClients = createRoute({
  ...within,
  path: '/api-clients',
  component: lazyRouteComponent(() => import('../features/identity/ApiClientsPage'), 'ApiClientsPage'),
})
const keys = createRoute({
  ...within,
  path: '/keys',
  component: lazyRouteComponent(() => import('../features/identity/KeysPage'), 'KeysPage'),
})
const settings = createRoute({
  ...within,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/identity/SettingsPage'), 'SettingsPage'),
})
const audit = createRoute({
  ...within,
  path: '/audit',
  validateSearch: texts('from', 'to', 'action', 'actor', 'objectKind', 'objectId'),
  component: lazyRouteComponent(() => import('../features/audit/AuditPage'), 'AuditPage'),
})
const tasks = createRoute({
  ...within,
  path: '/tasks',
  validateSearch: texts('status'),
  component: lazyRouteComponent(() => import('../features/jobs/TasksPage'), 'TasksPage'),
})

const publications = createRoute({
  ...within,
  path: '/publications',
  validateSearch: texts('kind', 'audience', 'withdrawn'),
  component: lazyRouteComponent(() => import('../features/exchange/PublicationsPage'), 'PublicationsPage'),
})
const grants = createRoute({
  ...within,
  path: '/grants',
  validateSearch: texts('side', 'state'),
  component: lazyRouteComponent(() => import('../features/exchange/GrantsPage'), 'GrantsPage'),
})
const receipts = createRoute({
  ...within,
  path: '/receipts',
  validateSearch: texts('side', 'act', 'other'),
  component: lazyRouteComponent(() => import('../features/exchange/ReceiptsPage'), 'ReceiptsPage'),
})
const webhooks = createRoute({
  ...within,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('../features/exchange/WebhooksPage'), 'WebhooksPage'),
})
const webhook = createRoute({
  ...within,
  path: '/webhooks/$id',
  component: lazyRouteComponent(() => import('../features/exchange/WebhookPage'), 'WebhookPage'),
})

const received = createRoute({
  ...within,
  path: '/received',
  validateSearch: texts('q', 'kind', 'house', 'proved', 'ended'),
  component: lazyRouteComponent(() => import('../features/exchange/ReceivedPage'), 'ReceivedPage'),
})
const receivedOne = createRoute({
  ...within,
  path: '/received/$id',
  component: lazyRouteComponent(() => import('../features/exchange/ReceivedOnePage'), 'ReceivedOnePage'),
})

const partners = createRoute({
  ...within,
  path: '/partners',
  component: lazyRouteComponent(() => import('../features/exchange/PartnersPage'), 'PartnersPage'),
})
const feed = createRoute({
  ...within,
  path: '/feed',
  component: lazyRouteComponent(() => import('../features/exchange/FeedPage'), 'FeedPage'),
})
const usage = createRoute({
  ...within,
  path: '/usage',
  component: lazyRouteComponent(() => import('../features/exchange/UsagePage'), 'UsagePage'),
})
const log = createRoute({
  ...within,
  path: '/log',
  component: lazyRouteComponent(() => import('../features/exchange/LogPage'), 'LogPage'),
})

const routeTree = root.addChildren([
  signIn,
  house.addChildren([
    home,
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
    cases,
    recognitionCase,
    waves,
    wave,
    caseStatistics,
    clearance,
    newClearance,
    clearanceReport,
    earlierMarks,
    members,
    dues,
    meetings,
    newMeeting,
    meeting,
    editMeeting,
    newMember,
    member,
    editMember,
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
    promotionProgrammes,
    newPromotionProgramme,
    promotionProgramme,
    editPromotionProgramme,
    promotionApplications,
    promotionApplication,
    editPromotionApplication,
    promotionClaims,
    newPromotionClaim,
    promotionClaim,
    promotionResults,
    promotionDashboard,
    dossiers,
    newDossier,
    dossier,
    documents,
    document,
    people,
    roles,
    apiClients,
    keys,
    settings,
    audit,
    tasks,
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
