import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Credential = Schema['Credential']
export type Status = Schema['CredentialStatus']
export type Input = Schema['CredentialInput']

const PAGE = 25
export const STATUS: Record<Status, Tone> = { valid: 'ok', suspended: 'warn', revoked: 'bad' }
export const STATUSES = Object.keys(STATUS) as Status[]
/** The kinds of records that are attested, and the pages that show them. */
export const RECORDS = {
  registration: '/registrations/$id',
  recognition: '/recognitions/$id',
  'mark-authorisation': '/mark-authorisations/$id',
  membership: '/members/$id',
} as const
export type Kind = keyof typeof RECORDS
export const KINDS = Object.keys(RECORDS) as Kind[]
export const LANGUAGES = ['zh-Hans', 'en', 'ar'] as const
export const ACTS = ['suspend', 'resume', 'revoke'] as const
export type Act = (typeof ACTS)[number]
/** The word of a list that an address names; anything else is none. */
export const oneOf = <T extends string>(words: readonly T[], word: string | undefined) => words.find((w) => w === word)

export type Filter = { kind?: Kind; status?: Status; recordId?: string }
export const credentialsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['credentials', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/credentials', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
const one = (id: string) => ({ params: { path: { id } } })
export const credentialQuery = (id: string) =>
  queryOptions({
    queryKey: ['credentials', 'one', id],
    queryFn: () => body(api.GET('/api/v1/credentials/{id}', one(id))),
  })
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['credentials', 'history', id],
    queryFn: () => body(api.GET('/api/v1/credentials/{id}/history', one(id))),
  })

/** The publication that would be attested: the one of a record that holds. */
export const attestedQuery = (recordId: string) =>
  queryOptions({
    queryKey: ['publications', 'record', recordId],
    queryFn: () => body(api.GET('/api/v1/publications/own', { params: { query: { recordId, limit: 1 } } })),
    enabled: recordId !== '',
  })

export const changed = () => queryClient.invalidateQueries({ queryKey: ['credentials'] })
export const issue = (input: Input) => body(api.POST('/api/v1/credentials', { body: input }))
/** What an officer does with a credential; the specification gives the acts the same form. */
export const act = (id: string, what: Act, reason: string) =>
  body(
    api.POST(`/api/v1/credentials/{id}/${what}` as '/api/v1/credentials/{id}/suspend', {
      ...one(id),
      body: { reason },
    }),
  )
export const paperLink = (id: string, language: (typeof LANGUAGES)[number]) =>
  body(api.GET('/api/v1/credentials/{id}/papers/{language}', { params: { path: { id, language } } }))
/** A picture that anybody scans to check the credential. */
export const qrPath = (id: string) => `/api/v1/credentials/${id}/qr`
