import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Document = Schema['Document']
export type Status = Schema['DocumentStatus']
export const STATUS: Record<Status, Tone> = { uploading: 'info', ready: 'ok', refused: 'bad', retired: 'plain' }
export const STATUSES = Object.keys(STATUS) as Status[]
export const isStatus = (x: string | undefined): x is Status => x !== undefined && x in STATUS

export type Filter = { q?: string; status?: Status }
export const documentsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['documents', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/documents', { params: { query: { ...filter, cursor, limit: 25 } } })),
    placeholderData: keepPreviousData,
  })
export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ['documents', 'one', id],
    queryFn: () => body(api.GET('/api/v1/documents/{id}', { params: { path: { id } } })),
  })
export const changed = () => queryClient.invalidateQueries({ queryKey: ['documents'] })

export const link = (id: string, disposition: 'inline' | 'attachment', version?: number) =>
  body(api.GET('/api/v1/documents/{id}/content', { params: { path: { id }, query: { disposition, version } } }))
export const retire = (d: Document) =>
  body(api.POST('/api/v1/documents/{id}/retire', { params: { path: { id: d.id }, header: { 'If-Match': d.etag } } }))
