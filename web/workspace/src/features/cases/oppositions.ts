import { queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Opposition = Schema['Opposition']

export const OPPOSITION: Record<Schema['OppositionState'], Tone> = {
  begun: 'plain',
  filed: 'warn',
  admitted: 'warn',
  inadmissible: 'plain',
  decided: 'ok',
  settled: 'ok',
  withdrawn: 'plain',
}

const at = (id: string) => ({ params: { path: { id } } })
export const oppositionsQuery = (caseId: string) =>
  queryOptions({
    queryKey: ['cases', 'oppositions', caseId],
    queryFn: () => body(api.GET('/api/v1/recognition-cases/{id}/oppositions', at(caseId))),
  })
export const oppositionQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'opposition', id],
    queryFn: () => body(api.GET('/api/v1/oppositions/{id}', at(id))),
  })
export const oppose = (o: Opposition, act: string, said: Schema['OppositionActInput']) =>
  body(
    // The specification gives every act of an opposition the same form; one of them stands for all.
    api.POST(`/api/v1/oppositions/{id}/${act}` as '/api/v1/oppositions/{id}/admit', {
      params: { path: { id: o.id }, header: { 'If-Match': o.etag } },
      body: said,
    }),
  )
