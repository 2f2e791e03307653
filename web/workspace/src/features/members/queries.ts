import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Member = Schema['Member']
export type Summary = Schema['MemberSummary']
export type Input = Schema['MemberInput']
export type Status = Schema['MemberStatus']
export type Category = Schema['MemberCategory']
export type Plot = Schema['Plot']

const PAGE = 25
export const CATEGORIES: Category[] = ['enterprise', 'cooperative', 'grower', 'expert']
export const STATUSES: Status[] = ['applied', 'examined', 'admitted', 'suspended', 'left', 'excluded', 'refused']
export const TONE: Record<Status, Tone> = {
  applied: 'info',
  examined: 'info',
  admitted: 'ok',
  suspended: 'warn',
  left: 'plain',
  excluded: 'bad',
  refused: 'bad',
}
export const INSIDE: Record<Plot['inside'], Tone> = { yes: 'ok', partly: 'warn', no: 'bad', unknown: 'plain' }

export const ACTS = [
  'examine',
  'admit',
  'refuse',
  'reconsider',
  'suspend',
  'resume',
  'leave',
  'exclude',
  'readmit',
] as const
export type Act = (typeof ACTS)[number]
/** Acts that take something from somebody: they need a reason. */
export const REASONED: Act[] = ['refuse', 'suspend', 'exclude']
export const ENDS: Act[] = ['refuse', 'suspend', 'leave', 'exclude']

export type Filter = { q?: string; category?: Category; status?: Status; standing?: Schema['DuesStanding'] }
export const membersQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['members', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/members', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
const one = (id: string) => ({ params: { path: { id } } })
export const memberQuery = (id: string) =>
  queryOptions({ queryKey: ['members', 'one', id], queryFn: () => versioned(api.GET('/api/v1/members/{id}', one(id))) })
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['members', 'history', id],
    queryFn: async () => (await body(api.GET('/api/v1/members/{id}/history', one(id)))).items,
  })
export const changed = () => queryClient.invalidateQueries({ queryKey: ['members'] })

export const importMembers = (input: Schema['MemberImport']) =>
  body(api.POST('/api/v1/members/import', { body: input }))
export const exportAddress = (filter: Filter, format: string) =>
  `/api/v1/members/export?${new URLSearchParams({ ...filter, format })}`

export const create = (input: Input) => body(api.POST('/api/v1/members', { body: input }))
const at = (id: string, etag: string) => ({ params: { path: { id }, header: { 'If-Match': etag } } })
export const update = (id: string, etag: string, input: Input) =>
  body(api.PUT('/api/v1/members/{id}', { ...at(id, etag), body: input }))
export const perform = (id: string, etag: string, act: Act, deed: Schema['MemberAdmission']) =>
  body(api.POST(`/api/v1/members/{id}/${act}`, { ...at(id, etag), body: deed }))
export const reveal = (id: string, purpose: string) =>
  body(api.POST('/api/v1/members/{id}/reveal', { ...one(id), body: { purpose } }))
export const invite = (id: string) => body(api.POST('/api/v1/members/{id}/invite', one(id)))
export const sendLink = (id: string) => body(api.POST('/api/v1/members/{id}/send-link', one(id)))
export const lettersQuery = (id: string) =>
  queryOptions({
    queryKey: ['members', 'letters', id],
    queryFn: async () => (await body(api.GET('/api/v1/members/{id}/letters', one(id)))).items,
  })
export const ruleQuery = queryOptions({
  queryKey: ['members', 'rule'],
  queryFn: () => body(api.GET('/api/v1/member-rule')),
})
export const updateRule = (etag: string, rule: Schema['MemberRuleInput']) =>
  body(api.PUT('/api/v1/member-rule', { params: { header: { 'If-Match': etag } }, body: rule }))
export type Change = Schema['MemberChange']
export const changesQuery = (filter: { memberId?: string; status?: Change['status'] }) =>
  queryOptions({
    queryKey: ['members', 'changes', filter],
    queryFn: async () =>
      (await body(api.GET('/api/v1/member-changes', { params: { query: { ...filter, limit: 50 } } }))).items,
  })
export const propose = (id: string, etag: string, input: Input) =>
  body(api.POST('/api/v1/members/{id}/propose', { ...at(id, etag), body: input }))
export const decide = (id: string, act: 'accept' | 'refuse' | 'withdraw', reason: string) =>
  body(api.POST(`/api/v1/member-changes/{id}/${act}`, { ...one(id), body: { reason } }))
export const certify = (id: string) => body(api.POST('/api/v1/members/{id}/certify', one(id)))
export const consentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['members', 'consents', id],
    queryFn: async () => (await body(api.GET('/api/v1/members/{id}/consents', one(id)))).items,
  })
export const agree = (id: string, consent: Schema['MemberConsentInput']) =>
  body(api.POST('/api/v1/members/{id}/consents', { ...one(id), body: consent }))
export const endConsent = (id: string, consentId: string, reason: string) =>
  body(
    api.POST('/api/v1/members/{id}/consents/{consentId}/withdraw', {
      params: { path: { id, consentId } },
      body: { reason },
    }),
  )
export const erase = (id: string, etag: string, reason: string) =>
  body(api.POST('/api/v1/members/{id}/erase', { ...at(id, etag), body: { reason } }))
