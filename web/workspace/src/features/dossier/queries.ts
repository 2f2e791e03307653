import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema, versioned } from '../../api/client'

export type Dossier = Schema['Dossier']
export type Segment = Schema['Segment']
export type Translation = Schema['Translation']
export type Build = Schema['Build']
export type Filter = { q?: string; status?: Schema['DossierStatus']; market?: string }

export const STATUSES: Schema['DossierStatus'][] = [
  'draft',
  'collecting',
  'translating',
  'in-review',
  'issued',
  'superseded',
  'withdrawn',
]
export const ACTS = ['collect', 'translate', 'review', 'issue'] as const
export type Act = (typeof ACTS)[number]

export const dossiersQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['dossiers', filter],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/v1/dossiers', {
          params: { query: { ...filter, limit: 50, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

export const dossierQuery = (id: string) =>
  queryOptions({
    queryKey: ['dossiers', id],
    queryFn: () => versioned(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })),
  })

export const segmentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['dossiers', id, 'segments'],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/segments', { params: { path: { id } } })),
  })

export const buildsQuery = (id: string) =>
  queryOptions({
    queryKey: ['dossiers', id, 'builds'],
    queryFn: () => body(api.GET('/api/v1/dossiers/{id}/builds', { params: { path: { id } } })),
  })

export const profilesQuery = queryOptions({
  queryKey: ['market-profiles'],
  queryFn: () => body(api.GET('/api/v1/market-profiles')),
  staleTime: Number.POSITIVE_INFINITY,
})

export const registrationsToChoose = queryOptions({
  queryKey: ['registrations', 'to-choose'],
  queryFn: () => body(api.GET('/api/v1/registrations', { params: { query: { limit: 200 } } })),
})

export const create = (input: Schema['DossierInput']) => body(api.POST('/api/v1/dossiers', { body: input }))
export const update = (id: string, etag: string, patch: Schema['DossierPatch']) =>
  versioned(
    api.PATCH('/api/v1/dossiers/{id}', {
      params: { path: { id }, header: { 'If-Match': etag } },
      body: patch,
      headers: { 'Content-Type': 'application/merge-patch+json' },
    }),
  )
export const act = (id: string, word: Act) =>
  versioned(api.POST(`/api/v1/dossiers/{id}/${word}`, { params: { path: { id } } }))
export const withdraw = (id: string, reason: string) =>
  versioned(api.POST('/api/v1/dossiers/{id}/withdraw', { params: { path: { id } }, body: { reason } }))
export const build = (id: string) => body(api.POST('/api/v1/dossiers/{id}/builds', { params: { path: { id } } }))
export const fileLink = async (id: string, buildId: string, file: string, disposition: 'inline' | 'attachment') =>
  (
    await body(
      api.GET('/api/v1/dossiers/{id}/builds/{buildId}/files/{file}', {
        params: { path: { id, buildId, file }, query: { disposition } },
      }),
    )
  ).url

const at = (id: string, segment: string, language: string) => ({ params: { path: { id, segment, language } } })
export const translate = (id: string, segment: string, language: string, text: string) =>
  body(
    api.PUT('/api/v1/dossiers/{id}/segments/{segment}/translations/{language}', {
      ...at(id, segment, language),
      body: { text, means: 'person' },
    }),
  )
export const reviewTranslation = (id: string, segment: string, language: string) =>
  body(api.POST('/api/v1/dossiers/{id}/segments/{segment}/translations/{language}/review', at(id, segment, language)))
export const certifyTranslation = (id: string, segment: string, language: string) =>
  body(api.POST('/api/v1/dossiers/{id}/segments/{segment}/translations/{language}/certify', at(id, segment, language)))
