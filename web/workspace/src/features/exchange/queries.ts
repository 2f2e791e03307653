import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type OwnPublication = Schema['OwnPublication']
export type Grant = Schema['Grant']
export type Receipt = Schema['Receipt']
export type Webhook = Schema['Webhook']
export type Delivery = Schema['WebhookDelivery']
export type Side = Schema['Side']

const PAGE = 25
export const KINDS = ['registration', 'recognition', 'instrument', 'dossier-package', 'membership'] as const
export const AUDIENCES: Schema['AudienceKind'][] = ['public', 'parties', 'tenant']
export const ACTS: Schema['ReceiptAct'][] = ['read', 'publish', 'withdraw', 'share', 'grant', 'revoke', 'act', 'open']
export const SIDES: Side[] = ['owner', 'reader']
export const STATES: Schema['GrantState'][] = ['live', 'revoked', 'expired']
export const STATE_TONE: Record<Schema['GrantState'], Tone> = { live: 'ok', revoked: 'bad', expired: 'plain' }
export const DELIVERY_TONE: Record<Schema['WebhookDeliveryStatus'], Tone> = {
  queued: 'info',
  delivered: 'ok',
  'given-up': 'bad',
  concealed: 'plain',
}

type PublicationFilter = { kind?: string; audience?: Schema['AudienceKind']; withdrawn?: boolean }
export const publicationsQuery = (filter: PublicationFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['publications', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/publications/own', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
type GrantFilter = { side?: Side; state?: Schema['GrantState'] }
export const grantsQuery = (filter: GrantFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['grants', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/grants', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
type ReceiptFilter = { side?: Side; act?: Schema['ReceiptAct']; other?: string }
export const receiptsQuery = (filter: ReceiptFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['receipts', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/receipts', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
/** Where a list of receipts is downloaded as a whole. */
export const receiptsFile = (format: 'csv' | 'ndjson', filter: ReceiptFilter) =>
  `/api/v1/receipts/export?${new URLSearchParams({ format, ...filter })}`
export const receiptQuery = (id: string) =>
  queryOptions({ queryKey: ['receipts', 'one', id], queryFn: () => body(api.GET('/api/v1/receipts/{id}', at(id))) })

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: () => body(api.GET('/api/v1/webhooks')),
  refetchInterval: 10_000,
})
export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', 'one', id],
    queryFn: () => versioned(api.GET('/api/v1/webhooks/{id}', at(id))),
    refetchInterval: 5_000,
  })
export const deliveriesQuery = (id: string, cursor?: string) =>
  queryOptions({
    queryKey: ['webhooks', 'deliveries', id, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/webhooks/{id}/deliveries', { params: { path: { id }, query: { cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  })

export const changed = (what: 'publications' | 'grants' | 'webhooks') =>
  queryClient.invalidateQueries({ queryKey: [what] })

/** Takes a webhook out of the list at once; the server is asked when the list is shown. */
export function forgetWebhook(id: string) {
  queryClient.setQueryData(
    webhooksQuery.queryKey,
    (had) => had && { ...had, items: had.items.filter((w) => w.id !== id) },
  )
  return queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true })
}

const at = (id: string) => ({ params: { path: { id } } })

export const share = (id: string, audience: Schema['Audience']) =>
  body(api.POST('/api/v1/publications/{id}/share', { ...at(id), body: { audience } }))
export const withdraw = (id: string, reason: string) =>
  body(api.POST('/api/v1/publications/{id}/withdraw', { ...at(id), body: { reason } }))
export const giveGrant = (grant: Schema['GrantInput']) => body(api.POST('/api/v1/grants', { body: grant }))
export const revokeGrant = (id: string, reason: string) =>
  body(api.POST('/api/v1/grants/{id}/revoke', { ...at(id), body: { reason } }))

export const createWebhook = (webhook: Schema['WebhookInput']) => body(api.POST('/api/v1/webhooks', { body: webhook }))
export const updateWebhook = (id: string, etag: string, change: Schema['WebhookChange']) =>
  body(
    api.PATCH('/api/v1/webhooks/{id}', {
      params: { path: { id }, header: { 'If-Match': etag } },
      body: change,
      headers: { 'Content-Type': 'application/merge-patch+json' },
    }),
  )
export const removeWebhook = (id: string) => body(api.DELETE('/api/v1/webhooks/{id}', at(id)))
export const rotateSecret = (id: string) => body(api.POST('/api/v1/webhooks/{id}/rotate', at(id)))
export const replayWebhook = (id: string, after: number) =>
  body(api.POST('/api/v1/webhooks/{id}/replay', { ...at(id), body: { after } }))
export const retryDelivery = (id: string, deliveryId: string) =>
  body(api.POST('/api/v1/webhooks/{id}/deliveries/{deliveryId}/retry', { params: { path: { id, deliveryId } } }))
/** The acts of a webhook that need nothing said, each by the word it has everywhere. */
export const webhookActs = {
  enable: (id: string) => body(api.POST('/api/v1/webhooks/{id}/enable', at(id))),
  disable: (id: string) => body(api.POST('/api/v1/webhooks/{id}/disable', at(id))),
  test: (id: string) => body(api.POST('/api/v1/webhooks/{id}/test', at(id))),
}

export type Partner = Schema['Partner']
export type FeedConsumer = Schema['FeedConsumer']
export type QuotaUse = Schema['QuotaUse']
export type Retirement = Schema['Retirement']
export type LogEntry = Schema['LogEntry']

export const partnersQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['partners', cursor],
    queryFn: () => body(api.GET('/api/v1/partners', { params: { query: { cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  })
export const consumersQuery = queryOptions({
  queryKey: ['feed-consumers'],
  queryFn: () => body(api.GET('/api/v1/feed-consumers')),
  refetchInterval: 10_000,
})
export const usageQuery = queryOptions({
  queryKey: ['usage'],
  queryFn: () => body(api.GET('/api/v1/usage')),
  refetchInterval: 5_000,
})
export const retirementsQuery = queryOptions({
  queryKey: ['retirements'],
  queryFn: () => body(api.GET('/api/v1/retirements')),
})
export const logQuery = queryOptions({
  queryKey: ['log'],
  queryFn: () => body(api.GET('/api/v1/log')),
  refetchInterval: 10_000,
})
export const logEntriesQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['log', 'entries', cursor],
    queryFn: () => body(api.GET('/api/v1/log/entries', { params: { query: { cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const logEntryQuery = (index: number) =>
  queryOptions({
    queryKey: ['log', 'entry', index],
    queryFn: () => body(api.GET('/api/v1/log/entries/{index}', { params: { path: { index } } })),
  })
/** The place of a publication in the log, with what it says to those who may read it. */
export const proofOf = (id: string) => body(api.GET('/api/v1/publications/{id}/proof', at(id)))

export type Received = Schema['Received']
export type HouseOf = Schema['PartnerHouse']
/** The kinds that houses publish to everybody. */
export const RECEIVED_KINDS = ['registration', 'recognition', 'instrument', 'mark-authorisation', 'canary'] as const
export const PROVED = ['yes', 'no'] as const

type ReceivedFilter = { q?: string; kind?: string; house?: string; proved?: boolean; ended?: boolean }
export const receivedQuery = (filter: ReceivedFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['received', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/received-publications', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const receivedOneQuery = (id: string) =>
  queryOptions({
    queryKey: ['received', 'one', id],
    queryFn: () => body(api.GET('/api/v1/received-publications/{id}', at(id))),
  })
export const housesQuery = queryOptions({
  queryKey: ['partner-houses'],
  queryFn: () => body(api.GET('/api/v1/partner-houses')),
  refetchInterval: 10_000,
})

const housesChanged = () => queryClient.invalidateQueries({ queryKey: housesQuery.queryKey })
/** Asks the house at an address who it is. */
export const lookAtHouse = (url: string) => body(api.POST('/api/v1/partner-houses/look', { body: { url } }))
export async function followHouse(house: Schema['HouseInput']) {
  await body(api.POST('/api/v1/partner-houses', { body: house }))
  return housesChanged()
}
/** What is changed is the house as it is now; the server looks whether it is the same one at its address. */
export async function readdressHouse(id: string, change: Schema['HouseChange']) {
  const { etag } = await versioned(api.GET('/api/v1/partner-houses/{id}', at(id)))
  await body(
    api.PATCH('/api/v1/partner-houses/{id}', {
      params: { path: { id }, header: { 'If-Match': etag } },
      body: change,
      headers: { 'Content-Type': 'application/merge-patch+json' },
    }),
  )
  return housesChanged()
}
export async function suspendHouse(id: string, reason: string) {
  await body(api.POST('/api/v1/partner-houses/{id}/suspend', { ...at(id), body: { reason } }))
  return housesChanged()
}
export async function resumeHouse(id: string) {
  await body(api.POST('/api/v1/partner-houses/{id}/resume', at(id)))
  return housesChanged()
}
export async function removeHouse(id: string) {
  await body(api.DELETE('/api/v1/partner-houses/{id}', at(id)))
  return housesChanged()
}
