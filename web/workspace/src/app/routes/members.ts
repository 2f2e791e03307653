import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { texts, within } from './base'

const members = createRoute({
  ...within,
  path: '/members',
  validateSearch: texts('q', 'category', 'status', 'standing'),
  component: lazyRouteComponent(() => import('../../features/members/MembersPage'), 'MembersPage'),
})
const dues = createRoute({
  ...within,
  path: '/dues',
  validateSearch: texts('q', 'year', 'state', 'sort', 'reminder'),
  component: lazyRouteComponent(() => import('../../features/members/DuesPage'), 'DuesPage'),
})
const meetings = createRoute({
  ...within,
  path: '/meetings',
  validateSearch: texts('q', 'kind', 'status'),
  component: lazyRouteComponent(() => import('../../features/members/MeetingsPage'), 'MeetingsPage'),
})
const newMeeting = createRoute({
  ...within,
  path: '/meetings/new',
  component: lazyRouteComponent(() => import('../../features/members/NewMeetingPage'), 'NewMeetingPage'),
})
const meeting = createRoute({
  ...within,
  path: '/meetings/$id',
  component: lazyRouteComponent(() => import('../../features/members/MeetingPage'), 'MeetingPage'),
})
const editMeeting = createRoute({
  ...within,
  path: '/meetings/$id/edit',
  component: lazyRouteComponent(() => import('../../features/members/EditMeetingPage'), 'EditMeetingPage'),
})
const newMember = createRoute({
  ...within,
  path: '/members/new',
  component: lazyRouteComponent(() => import('../../features/members/NewMemberPage'), 'NewMemberPage'),
})
const member = createRoute({
  ...within,
  path: '/members/$id',
  component: lazyRouteComponent(() => import('../../features/members/MemberPage'), 'MemberPage'),
})
const editMember = createRoute({
  ...within,
  path: '/members/$id/edit',
  component: lazyRouteComponent(() => import('../../features/members/EditMemberPage'), 'EditMemberPage'),
})

/** Members of an association, their dues and meetings. */
export const membersRoutes = [
  members,
  dues,
  meetings,
  newMeeting,
  meeting,
  editMeeting,
  newMember,
  member,
  editMember,
] as const
