import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Alert = Schema['MarkAlert']
export type AlertKind = Schema['MarkAlertKind']
export type AlertStatus = Schema['MarkAlertStatus']
export type Country = Schema['MarkScanCountry']

const PAGE = 25
export const KINDS: AlertKind[] = ['far-apart', 'burst', 'not-issued', 'void', 'stopped', 'no-lot', 'mass-balance']
export const STATUS: Record<AlertStatus, Tone> = { open: 'warn', confirmed: 'bad', dismissed: 'plain' }
export const STATUSES = Object.keys(STATUS) as AlertStatus[]

/** What an officer makes of an alert, in the order of the buttons. */
export const ACTS = ['confirm', 'dismiss', 'reopen'] as const
export type Act = (typeof ACTS)[number]

export type AlertFilter = { kind?: AlertKind; status?: AlertStatus; batchId?: string }
export const alertsQuery = (filter: AlertFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'alerts', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/mark-alerts', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'alert', id],
    queryFn: () => versioned(api.GET('/api/v1/mark-alerts/{id}', { params: { path: { id } } })),
  })
export const decide = (id: string, etag: string, act: Act, reason: string) =>
  body(
    api.POST(`/api/v1/mark-alerts/{id}/${act}`, {
      params: { path: { id }, header: { 'If-Match': etag } },
      body: { reason },
    }),
  )

export const countriesQuery = (asked: { from: string; to: string }) =>
  queryOptions({
    queryKey: ['marks', 'scan-countries', asked],
    queryFn: async () => (await body(api.GET('/api/v1/mark-scan-countries', { params: { query: asked } }))).items,
  })
