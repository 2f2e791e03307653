import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import { type Problem, Refusal } from '../../api/problem'
import type { Tone } from '../../ui/Tag'
import { type Call, one, PAGE } from './calls'

export type Platform = Schema['PromotionPlatform']
export type PlatformInput = Schema['PromotionPlatformInput']
export type Level = Schema['PromotionLevel']
export type PlatformStatus = Schema['PromotionPlatformStatus']

export const LEVELS: Level[] = ['national', 'regional', 'municipal']
export const STANDINGS: PlatformStatus[] = ['active', 'archived']
export const STANDING_TONE: Record<PlatformStatus, Tone> = { active: 'ok', archived: 'plain' }

export type PlatformFilter = { q?: string; level?: Level; status?: PlatformStatus }
export const platformsQuery = (filter: PlatformFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['promotion', 'platforms', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/promotion-platforms', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const platformQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'platform', id],
    queryFn: () => body(api.GET('/api/v1/promotion-platforms/{id}', one(id))),
  })

const at = (id: string, etag: string) => ({ params: { path: { id }, header: { 'If-Match': etag } } })
export const createPlatform = (input: PlatformInput) => body(api.POST('/api/v1/promotion-platforms', { body: input }))
export const updatePlatform = (id: string, etag: string, input: PlatformInput) =>
  body(api.PUT('/api/v1/promotion-platforms/{id}', { ...at(id, etag), body: input }))
export const PLATFORM_ACTS = ['archive', 'restore'] as const
export const performPlatform = (p: Platform, act: (typeof PLATFORM_ACTS)[number]) =>
  body(api.POST(`/api/v1/promotion-platforms/{id}/${act}`, at(p.id, p.etag)))

/** Takes over the call of a platform that is a tenant here. */
export const mirror = (id: string) => body(api.POST('/api/v1/promotion-programmes/{id}/mirror', one(id)))

/** Problems of a call within a body, as those of the call. */
const ofTheCall = (p: Problem | undefined): Problem | undefined =>
  p && { ...p, details: p.details?.map((d) => ({ ...d, pointer: d.pointer.replace(/^\/call\//, '/') })) }

/** Enters a call of a platform that is read at an address on the web. */
export async function mirrorFrom(id: string, address: string, call: Call) {
  try {
    return await body(api.POST('/api/v1/promotion-platforms/{id}/mirror', { ...one(id), body: { address, call } }))
  } catch (e) {
    throw e instanceof Refusal ? new Refusal(e.status, ofTheCall(e.problem)) : e
  }
}
