import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Programme = Schema['PromotionProgramme']
export type Call = Schema['PromotionCall']
export type Status = Schema['PromotionStatus']
export type Kind = Schema['PromotionKind']
export type Source = Schema['PromotionSource']
export type CostKind = Schema['PromotionCostKind']
export type Event = Schema['PromotionEvent']
export type Mirror = Schema['PromotionMirror']

export const PAGE = 25
export const STATUSES: Status[] = ['draft', 'reviewed', 'open', 'closed', 'decided', 'running', 'settled', 'cancelled']
export const KINDS: Kind[] = ['fair', 'mission', 'platform', 'buyer-meeting', 'certification', 'advertising', 'labels']
export const SOURCES: Source[] = ['county', 'league-city', 'region', 'state']
export const COST_KINDS: CostKind[] = [
  'booth',
  'travel',
  'freight',
  'samples',
  'translation',
  'certification',
  'advertising',
  'platform-fee',
  'labels',
  'other',
]
export const TONE: Record<Status, Tone> = {
  draft: 'plain',
  reviewed: 'info',
  open: 'ok',
  closed: 'warn',
  decided: 'info',
  running: 'ok',
  settled: 'plain',
  cancelled: 'bad',
}
/** Whose a call is: of the own house, or of others that published it. */
export const WHOSE = ['own', 'others'] as const

export type Filter = { q?: string; status?: Status; kind?: Kind; country?: string; topic?: string; own?: boolean }
/** All of promotion is beneath one key, so that whoever changes something reads everything anew: money moves in several places at once. */
export const callsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['promotion', 'calls', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/promotion-programmes', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const one = (id: string) => ({ params: { path: { id } } })
export const callQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'call', id],
    queryFn: () => body(api.GET('/api/v1/promotion-programmes/{id}', one(id))),
  })
export const candidatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'candidates', id],
    queryFn: async () => (await body(api.GET('/api/v1/promotion-programmes/{id}/candidates', one(id)))).items,
  })
export const changed = () => queryClient.invalidateQueries({ queryKey: ['promotion'] })

export const create = (call: Call) => body(api.POST('/api/v1/promotion-programmes', { body: call }))
const at = (id: string, etag: string) => ({ params: { path: { id }, header: { 'If-Match': etag } } })
export const update = (id: string, etag: string, call: Call) =>
  body(api.PUT('/api/v1/promotion-programmes/{id}', { ...at(id, etag), body: call }))
/** Acts that need no more than being done, in the order of a programme's life. */
export const ACTS = ['review', 'open', 'close', 'decide', 'run', 'settle'] as const
export type Act = (typeof ACTS)[number]
export const perform = (p: Programme, act: Act) =>
  body(api.POST(`/api/v1/promotion-programmes/{id}/${act}`, at(p.id, p.etag)))
export const cancel = (p: Programme, reason: string) =>
  body(api.POST('/api/v1/promotion-programmes/{id}/cancel', { ...at(p.id, p.etag), body: { reason } }))
export const appoint = (p: Programme, people: string[]) =>
  body(api.PUT('/api/v1/promotion-programmes/{id}/committee', { ...at(p.id, p.etag), body: { people } }))
