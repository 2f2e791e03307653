import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Meeting = Schema['Meeting']
export type Motion = Schema['MeetingMotion']
export type Called = Schema['MeetingCalled']
export type Minutes = Schema['MeetingMinutes']
export type Kind = Schema['MeetingKind']
export type Status = Schema['MeetingStatus']
export type Attendance = Schema['MeetingAttendance']
export type Choice = Schema['MeetingChoice']

const PAGE = 25
export const KINDS: Kind[] = ['general', 'council', 'other']
export const STATUSES: Status[] = ['draft', 'called', 'open', 'closed', 'cancelled']
export const TONE: Record<Status, Tone> = {
  draft: 'plain',
  called: 'info',
  open: 'warn',
  closed: 'ok',
  cancelled: 'plain',
}
export const CHOICES: Choice[] = ['for', 'against', 'abstain']
export const ATTENDANCES: Attendance[] = ['absent', 'here', 'proxy']

export type Filter = { q?: string; kind?: Kind; status?: Status }
/** What is of meetings is beneath `members`, so that whoever changes one reads both anew. */
export const meetingsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['members', 'meetings', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/meetings', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
const one = (id: string) => ({ params: { path: { id } } })
export const meetingQuery = (id: string) =>
  queryOptions({
    queryKey: ['members', 'meeting', id],
    queryFn: () => body(api.GET('/api/v1/meetings/{id}', one(id))),
  })
export type RollFilter = { q?: string; attendance?: Attendance; notice?: Schema['MemberLetterStatus'] }
export const rollQuery = (id: string, filter: RollFilter, cursor?: string, limit = PAGE) =>
  queryOptions({
    queryKey: ['members', 'roll', id, filter, cursor, limit],
    queryFn: () =>
      body(api.GET('/api/v1/meetings/{id}/roll', { params: { path: { id }, query: { ...filter, cursor, limit } } })),
    placeholderData: keepPreviousData,
  })
export const minutesQuery = (id: string) =>
  queryOptions({
    queryKey: ['members', 'minutes', id],
    queryFn: async () => (await body(api.GET('/api/v1/meetings/{id}/minutes', one(id)))).items,
  })
export const ruleQuery = (meetingKind: Kind) =>
  queryOptions({
    queryKey: ['members', 'meeting-rule', meetingKind],
    queryFn: () => body(api.GET('/api/v1/meeting-rules/{meetingKind}', { params: { path: { meetingKind } } })),
  })

export const updateRule = (meetingKind: Kind, etag: string, rule: Schema['MeetingRuleInput']) =>
  body(
    api.PUT('/api/v1/meeting-rules/{meetingKind}', {
      params: { path: { meetingKind }, header: { 'If-Match': etag } },
      body: rule,
    }),
  )
export const create = (input: Schema['MeetingInput']) => body(api.POST('/api/v1/meetings', { body: input }))
const at = (m: Meeting) => ({ params: { path: { id: m.id }, header: { 'If-Match': m.etag } } })
export const update = (m: Meeting, input: Schema['MeetingInput']) =>
  body(api.PUT('/api/v1/meetings/{id}', { ...at(m), body: input }))
export const call = (m: Meeting, memberIds: string[]) =>
  body(api.POST('/api/v1/meetings/{id}/call', { ...at(m), body: memberIds.length ? { memberIds } : {} }))
export const open = (m: Meeting) => body(api.POST('/api/v1/meetings/{id}/open', at(m)))
export const close = (m: Meeting) => body(api.POST('/api/v1/meetings/{id}/close', at(m)))
export const cancel = (m: Meeting, reason: string) =>
  body(api.POST('/api/v1/meetings/{id}/cancel', { ...at(m), body: { reason } }))
export const attend = (id: string, presence: Schema['MeetingPresence']) =>
  body(api.POST('/api/v1/meetings/{id}/attend', { ...one(id), body: presence }))
export const propose = (id: string, motion: Schema['MeetingMotionInput']) =>
  body(api.POST('/api/v1/meetings/{id}/propose', { ...one(id), body: motion }))
const motionAt = (id: string, motionId: string) => ({ params: { path: { id, motionId } } })
export const vote = (id: string, motionId: string, votes: Schema['MeetingBallot'][]) =>
  body(api.POST('/api/v1/meetings/{id}/motions/{motionId}/vote', { ...motionAt(id, motionId), body: { votes } }))
export const decide = (id: string, motionId: string, count: Schema['MeetingCount']) =>
  body(api.POST('/api/v1/meetings/{id}/motions/{motionId}/decide', { ...motionAt(id, motionId), body: count }))
export const minute = (id: string, input: Schema['MeetingMinutesInput']) =>
  body(api.POST('/api/v1/meetings/{id}/minutes', { ...one(id), body: input }))
export const sign = (id: string, minutesId: string, as: Schema['MeetingSignature']['as']) =>
  body(
    api.POST('/api/v1/meetings/{id}/minutes/{minutesId}/sign', {
      params: { path: { id, minutesId } },
      body: { as },
    }),
  )

type Language = Schema['MemberPrint']['language']
export const printMeeting = (id: string, language: Language) =>
  body(api.POST('/api/v1/meetings/{id}/print', { ...one(id), body: { language } }))
export const printInvoice = (id: string, language: Language) =>
  body(api.POST('/api/v1/dues-invoices/{id}/print', { ...one(id), body: { language } }))
export const printStatement = (id: string, language: Language) =>
  body(api.POST('/api/v1/members/{id}/print', { ...one(id), body: { language } }))

/** The instant at which a clock in a time zone shows what a field of date and time holds. */
export function instantIn(local: string, timeZone: string): string {
  const wanted = Date.parse(`${local}:00Z`)
  const shown = (at: number) => {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }).formatToParts(at)
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((p) => p.type === type)?.value)
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  }
  const first = wanted - (shown(wanted) - wanted)
  return new Date(first + (wanted - shown(first))).toISOString()
}

/** What a clock in a time zone shows at an instant, as a field of date and time holds it. */
export function localIn(iso: string, timeZone: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
    new Date(iso),
  )
  return text.replace(' ', 'T')
}

/** A share as it is read: > 1/2, ≥ 2/3. */
export const shareText = (s: Schema['MeetingShare']) => `${s.more ? '>' : '≥'} ${s.numerator}/${s.denominator}`
