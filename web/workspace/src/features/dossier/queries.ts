import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Dossier = Schema['Dossier']
export type Status = Schema['DossierStatus']
export type Segment = Schema['Segment']
export type Translation = Schema['Translation']
export type Build = Schema['Build']

/** All there is to say of a status here: its colour, and its place on the way to the issued dossier. */
export const STATUS: Record<Status, { tone: Tone; stage?: number }> = {
  draft: { tone: 'plain', stage: 0 },
  collecting: { tone: 'info', stage: 1 },
  translating: { tone: 'info', stage: 2 },
  'in-review': { tone: 'warn', stage: 3 },
  issued: { tone: 'ok', stage: 4 },
  superseded: { tone: 'plain' },
  withdrawn: { tone: 'bad' },
}
export const STATUSES = Object.keys(STATUS) as Status[]
export const WAY: Status[] = ['draft', 'collecting', 'translating', 'in-review', 'issued']
export const isStatus = (x: string | undefined): x is Status => x !== undefined && x in STATUS

export const TRANSLATION: Record<Schema['TranslationState'], Tone> = {
  missing: 'bad',
  machine: 'warn',
  drafted: 'info',
  reviewed: 'ok',
  certified: 'ok',
}

export type Filter = { q?: string; status?: Status; registrationId?: string }
export const dossiersQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['dossiers', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/dossiers', { params: { query: { ...filter, cursor, limit: 25 } } })),
    placeholderData: keepPreviousData,
  })

/** The language is part of the key: what is missing comes in the language of the reader. */
export const dossierQuery = (id: string, locale: string) =>
  queryOptions({
    queryKey: ['dossiers', 'one', id, locale],
    queryFn: () => versioned(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })),
  })

export const segmentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['dossiers', 'segments', id],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/segments', { params: { path: { id } } })),
  })

export const buildsQuery = (id: string) =>
  queryOptions({
    queryKey: ['dossiers', 'builds', id],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/builds', { params: { path: { id } } })),
  })

export const profilesQuery = queryOptions({
  queryKey: ['market-profiles'],
  queryFn: () => body(api.GET('/api/v1/market-profiles')),
})

export const changed = () => queryClient.invalidateQueries({ queryKey: ['dossiers'] })

const ACTS = ['collect', 'translate', 'review', 'issue'] as const
export type Act = (typeof ACTS)[number]
/** Of what the server allows, the acts that move the dossier on; `withdraw` asks for a reason and stands apart. */
export const actsIn = (allowed: string[]): Act[] => ACTS.filter((a) => allowed.includes(a))

export const perform = (id: string, act: Act) =>
  // The specification gives these acts the same form; one of them stands for all.
  body(api.POST(`/api/v1/dossiers/{id}/${act}` as '/api/v1/dossiers/{id}/collect', { params: { path: { id } } }))

export const withdraw = (id: string, reason: string) =>
  body(api.POST('/api/v1/dossiers/{id}/withdraw', { params: { path: { id } }, body: { reason } }))

export const create = (dossier: Schema['DossierInput']) => body(api.POST('/api/v1/dossiers', { body: dossier }))

export const patch = (id: string, etag: string, change: Schema['DossierPatch']) =>
  body(
    api.PATCH('/api/v1/dossiers/{id}', {
      params: { path: { id }, header: { 'If-Match': etag } },
      body: change,
      headers: { 'Content-Type': 'application/merge-patch+json' },
    }),
  )

export const build = (id: string) => body(api.POST('/api/v1/dossiers/{id}/builds', { params: { path: { id } } }))

export const fileLink = (id: string, buildId: string, file: string, disposition: 'inline' | 'attachment') =>
  body(
    api.GET('/api/v1/dossiers/{id}/builds/{buildId}/files/{file}', {
      params: { path: { id, buildId, file }, query: { disposition } },
    }),
  )

const SEGMENT = '/api/v1/dossiers/{id}/segments/{segment}/translations/{language}'
type Place = { id: string; segment: string; language: string }
export const writeTranslation = (path: Place, text: string) =>
  body(api.PUT(SEGMENT, { params: { path }, body: { text, means: 'person' } }))
export const reviewTranslation = (path: Place) => body(api.POST(`${SEGMENT}/review`, { params: { path } }))
export const certifyTranslation = (path: Place) => body(api.POST(`${SEGMENT}/certify`, { params: { path } }))
