import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema, type Versioned, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Lot = Schema['MarkLot']
export type LotInput = Schema['MarkLotInput']
export type MassBalance = Schema['MarkMassBalance']
export type Possible = Schema['MarkPossible']

const PAGE = 25
export const POSSIBLE: Record<Possible, Tone> = { possible: 'ok', impossible: 'bad', unknown: 'warn' }

export type LotFilter = { q?: string; authorisationId?: string; harvest?: string }
export const lotsQuery = (filter: LotFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'lots', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/mark-lots', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const lotQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'lot', id],
    queryFn: () => versioned(api.GET('/api/v1/mark-lots/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  })
export const declareLot = (input: LotInput) => body(api.POST('/api/v1/mark-lots', { body: input }))
export const correctLot = ({ etag, record }: Versioned<Lot>, input: Schema['MarkLotCorrection']) =>
  body(
    api.POST('/api/v1/mark-lots/{id}/correct', {
      params: { path: { id: record.id }, header: { 'If-Match': etag } },
      body: input,
    }),
  )
export const balanceQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'mass-balance', id],
    queryFn: () => body(api.GET('/api/v1/mark-authorisations/{id}/balance', { params: { path: { id } } })),
  })
