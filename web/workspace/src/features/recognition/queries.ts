import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Instrument = Schema['Instrument']
export type InstrumentTemplate = Schema['InstrumentTemplate']
export type InstrumentInput = Schema['InstrumentInput']
export type Recognition = Schema['Recognition']
export type RecognitionInput = Schema['RecognitionInput']
export type Protection = Schema['Protection']
export type Published = Recognition['published']
export type Audience = Schema['Audience']

export type ProcedureVersion = Schema['ProcedureVersion']
export type Procedure = Schema['Procedure']
export type Step = Schema['ProcedureStep']
export type Period = Schema['ProcedurePeriod']
export type Ground = Schema['ProcedureGround']
export type Basis = Schema['ProcedureBasis']

const PAGE = 25
export const INSTRUMENT_KINDS: Schema['InstrumentKind'][] = ['treaty', 'agreement', 'pilot', 'memorandum']
export const PROTECTION: Record<Protection, Tone> = { protected: 'ok', 'protected-limited': 'warn', refused: 'bad' }
export const PROTECTIONS = Object.keys(PROTECTION) as Protection[]
export const PUBLISHED: Record<Published, Tone> = { never: 'plain', older: 'warn', current: 'ok' }

export type InstrumentFilter = { q?: string; kind?: Schema['InstrumentKind']; party?: string; on?: string }
export const instrumentsQuery = (filter: InstrumentFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['instruments', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/instruments', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
/** What a recognition can be under; who keeps more looks one up by its words. */
export const instrumentChoicesQuery = (q: string) =>
  queryOptions({
    queryKey: ['instruments', 'choices', q],
    queryFn: () => body(api.GET('/api/v1/instruments', { params: { query: { ...(q && { q }), limit: 50 } } })),
    placeholderData: keepPreviousData,
  })
export const instrumentQuery = (id: string) =>
  queryOptions({
    queryKey: ['instruments', 'one', id],
    queryFn: () => versioned(api.GET('/api/v1/instruments/{id}', { params: { path: { id } } })),
  })

/** The newest version of an instrument's procedure, or another; that there is none is an answer. */
export const procedureQuery = (id: string, version?: number) =>
  queryOptions({
    queryKey: ['instruments', 'procedure', id, version],
    queryFn: () =>
      body(api.GET('/api/v1/instruments/{id}/procedure', { params: { path: { id }, query: { version } } })),
    retry: false,
  })
export const templatesQuery = queryOptions({
  queryKey: ['instruments', 'templates'],
  queryFn: () => body(api.GET('/api/v1/instrument-templates')),
})

export type Filter = {
  q?: string
  market?: string
  protection?: Protection
  on?: string
  instrumentId?: string
  registrationId?: string
}
export const recognitionsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['recognitions', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/recognitions', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const recognitionQuery = (id: string, moment: { asOf?: string } = {}) =>
  queryOptions({
    queryKey: ['recognitions', 'one', id, moment],
    queryFn: () => versioned(api.GET('/api/v1/recognitions/{id}', { params: { path: { id }, query: moment } })),
  })
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['recognitions', 'history', id],
    queryFn: () => body(api.GET('/api/v1/recognitions/{id}/history', { params: { path: { id } } })),
  })

/** The registrations that are published under a name in its own jurisdiction, by whichever tenant of this house. */
export const originsQuery = (name: string, market: string) =>
  queryOptions({
    queryKey: ['recognitions', 'origins', name, market],
    queryFn: async () => {
      const answer = await body(api.GET('/api/v1/status', { params: { query: { name, market } } }))
      const records = answer.reasons.flatMap((r) =>
        r.record?.kind === 'registration' && !r.record.house ? [r.record.publicationId] : [],
      )
      return Promise.all(
        [...new Set(records)].map((id) => body(api.GET('/api/v1/publications/{id}', { params: { path: { id } } }))),
      )
    },
  })

/** A record's own publication, which says to whom it is shown. */
export const ownPublicationQuery = (recordId: string) =>
  queryOptions({
    queryKey: ['publications', 'record', recordId],
    queryFn: () => body(api.GET('/api/v1/publications/own', { params: { query: { recordId, limit: 1 } } })),
  })

export const changed = (noun: 'instruments' | 'recognitions') =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: [noun] }),
    queryClient.invalidateQueries({ queryKey: ['publications'] }),
  ])

const at = (id: string, etag: string) => ({ params: { path: { id }, header: { 'If-Match': etag } } })

export const createInstrument = (input: InstrumentInput) => body(api.POST('/api/v1/instruments', { body: input }))
export const updateInstrument = (id: string, etag: string, input: InstrumentInput) =>
  body(api.PUT('/api/v1/instruments/{id}', { ...at(id, etag), body: input }))
export const updateProcedure = (id: string, etag: string, procedure: Procedure) =>
  body(api.PUT('/api/v1/instruments/{id}/procedure', { ...at(id, etag), body: procedure }))
export const record = (input: RecognitionInput) => body(api.POST('/api/v1/recognitions', { body: input }))
export const update = (id: string, etag: string, input: RecognitionInput) =>
  body(api.PUT('/api/v1/recognitions/{id}', { ...at(id, etag), body: input }))
export const end = (id: string, etag: string, how: Schema['RecognitionEnd']) =>
  body(api.POST('/api/v1/recognitions/{id}/end', { ...at(id, etag), body: how }))

/** Shows a version to others; the specification gives both nouns the same form. */
export const publish = (noun: 'instruments' | 'recognitions', id: string, etag: string, audience: Audience) =>
  body(
    api.POST(`/api/v1/${noun}/{id}/publish` as '/api/v1/instruments/{id}/publish', {
      ...at(id, etag),
      body: { audience },
    }),
  )
