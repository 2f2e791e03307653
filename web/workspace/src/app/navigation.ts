import {
  IconAffiliate,
  IconAlertTriangle,
  IconArrowsExchange,
  IconAward,
  IconBinaryTree,
  IconBuildingCommunity,
  IconCash,
  IconCertificate,
  IconChartBar,
  IconChartFunnel,
  IconClipboardList,
  IconEye,
  IconFileCertificate,
  IconFileDescription,
  IconFiles,
  IconGauge,
  IconGavel,
  IconHeartHandshake,
  IconHome,
  IconKey,
  IconListCheck,
  IconLockShare,
  IconMapSearch,
  IconPackageExport,
  IconPercentage,
  IconQrcode,
  IconReceipt,
  IconRosetteDiscountCheck,
  IconSettings,
  IconShieldCheck,
  IconSpeakerphone,
  IconStack2,
  IconTimeline,
  IconTrendingUp,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
  IconWorldDownload,
  IconWorldShare,
  IconZoomExclamation,
  type TablerIcon,
} from '@tabler/icons-react'
import { may, type Session } from '../api/session'
import type { MessageId } from '../ui/i18n'

type To =
  | '/'
  | '/registrations'
  | '/recognitions'
  | '/instruments'
  | '/credentials'
  | '/cases'
  | '/waves'
  | '/case-statistics'
  | '/clearance'
  | '/members'
  | '/mark-authorisations'
  | '/mark-batches'
  | '/mark-usage'
  | '/mark-alerts'
  | '/mark-applications'
  | '/mark-risks'
  | '/dues'
  | '/meetings'
  | '/promotion-programmes'
  | '/promotion-platforms'
  | '/promotion-applications'
  | '/promotion-claims'
  | '/promotion-results'
  | '/promotion-dashboard'
  | '/status'
  | '/dossiers'
  | '/documents'
  | '/tasks'
  | '/people'
  | '/roles'
  | '/api-clients'
  | '/keys'
  | '/audit'
  | '/publications'
  | '/grants'
  | '/receipts'
  | '/webhooks'
  | '/received'
  | '/partners'
  | '/feed'
  | '/usage'
  | '/log'
  | '/settings'

export type Place = { to: To; name: MessageId; icon: TablerIcon; needs?: string }
export type Group = { name?: MessageId; places: Place[] }

const GROUPS: Group[] = [
  {
    places: [
      { to: '/', name: 'web.home.nav', icon: IconHome },
      { to: '/registrations', name: 'web.registrations.nav', icon: IconFileCertificate, needs: 'registration:read' },
      {
        to: '/recognitions',
        name: 'web.recognitions.nav',
        icon: IconRosetteDiscountCheck,
        needs: 'recognition:read',
      },
      { to: '/instruments', name: 'web.instruments.nav', icon: IconHeartHandshake, needs: 'instrument:read' },
      { to: '/credentials', name: 'web.credentials.nav', icon: IconCertificate, needs: 'credential:read' },
      { to: '/cases', name: 'web.cases.nav', icon: IconArrowsExchange, needs: 'recognition-case:read' },
      { to: '/waves', name: 'web.waves.nav', icon: IconStack2, needs: 'wave:read' },
      { to: '/case-statistics', name: 'web.statistics.nav', icon: IconChartBar, needs: 'recognition-case:read' },
      { to: '/clearance', name: 'web.clearance.nav', icon: IconZoomExclamation, needs: 'clearance-report:read' },
      { to: '/members', name: 'web.members.nav', icon: IconUsersGroup, needs: 'member:read' },
      { to: '/mark-authorisations', name: 'web.special-marks.nav', icon: IconAward, needs: 'mark-authorisation:read' },
      {
        to: '/mark-applications',
        name: 'web.applications.nav',
        icon: IconClipboardList,
        needs: 'mark-application:read',
      },
      { to: '/mark-batches', name: 'web.batches.nav', icon: IconQrcode, needs: 'mark-batch:read' },
      { to: '/mark-usage', name: 'web.mark-usage.nav', icon: IconPercentage, needs: 'mark-usage:read' },
      { to: '/mark-alerts', name: 'web.mark-alerts.nav', icon: IconAlertTriangle, needs: 'mark-alert:read' },
      { to: '/mark-risks', name: 'web.risks.nav', icon: IconShieldCheck, needs: 'mark-risk:read' },
      { to: '/dues', name: 'web.dues.nav', icon: IconCash, needs: 'dues-invoice:read' },
      { to: '/meetings', name: 'web.meetings.nav', icon: IconGavel, needs: 'meeting:read' },
      {
        to: '/promotion-programmes',
        name: 'web.promotion.nav',
        icon: IconSpeakerphone,
        needs: 'promotion-programme:read',
      },
      {
        to: '/promotion-platforms',
        name: 'web.promotion.platforms',
        icon: IconBuildingCommunity,
        needs: 'promotion-platform:read',
      },
      {
        to: '/promotion-applications',
        name: 'web.promotion.applications',
        icon: IconFileDescription,
        needs: 'promotion-application:read',
      },
      { to: '/promotion-claims', name: 'web.promotion.claims', icon: IconReceipt, needs: 'promotion-claim:read' },
      { to: '/promotion-results', name: 'web.promotion.results', icon: IconTrendingUp, needs: 'promotion-result:read' },
      {
        to: '/promotion-dashboard',
        name: 'web.promotion.dashboard',
        icon: IconChartFunnel,
        needs: 'promotion-dashboard:read',
      },
      { to: '/status', name: 'web.status.nav', icon: IconMapSearch },
      { to: '/dossiers', name: 'web.dossiers.nav', icon: IconPackageExport, needs: 'dossier:read' },
      { to: '/documents', name: 'web.documents.nav', icon: IconFiles, needs: 'document:read' },
      { to: '/tasks', name: 'web.tasks.nav', icon: IconListCheck, needs: 'task:read' },
    ],
  },
  {
    name: 'web.nav.exchange',
    places: [
      { to: '/partners', name: 'web.partners.nav', icon: IconAffiliate, needs: 'partner:read' },
      { to: '/received', name: 'web.received.nav', icon: IconWorldDownload, needs: 'publication:read' },
      { to: '/publications', name: 'web.publications.nav', icon: IconWorldShare, needs: 'publication:read' },
      { to: '/grants', name: 'web.grants.nav', icon: IconLockShare, needs: 'grant:read' },
      { to: '/receipts', name: 'web.receipts.nav', icon: IconEye, needs: 'receipt:read' },
      { to: '/webhooks', name: 'web.webhooks.nav', icon: IconWebhook, needs: 'webhook:read' },
      { to: '/feed', name: 'web.feed.nav', icon: IconTimeline, needs: 'feed-consumer:read' },
      { to: '/log', name: 'page.log.nav', icon: IconBinaryTree },
    ],
  },
  {
    name: 'web.nav.administration',
    places: [
      { to: '/people', name: 'web.people.nav', icon: IconUsers, needs: 'person:read' },
      { to: '/roles', name: 'web.roles.nav', icon: IconShieldCheck, needs: 'role:read' },
      { to: '/api-clients', name: 'web.clients.nav', icon: IconKey, needs: 'api-client:read' },
      { to: '/usage', name: 'web.usage.nav', icon: IconGauge, needs: 'usage:read' },
      { to: '/keys', name: 'web.keys.nav', icon: IconCertificate, needs: 'signing-key:read' },
      { to: '/audit', name: 'web.audit.nav', icon: IconClipboardList, needs: 'audit-event:read' },
      { to: '/settings', name: 'web.settings.nav', icon: IconSettings },
    ],
  },
]

/** The places that this session may go to. */
export const placesFor = (s: Session): Group[] =>
  GROUPS.map((g) => ({ ...g, places: g.places.filter((p) => !p.needs || may(s, p.needs)) }))
