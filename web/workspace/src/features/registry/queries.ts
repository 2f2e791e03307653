import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, versioned } from '../../api/client'
import type { Moment } from '../../ui/MomentPicker'
import type { Tone } from '../../ui/Tag'

export type Status = Schema['RegistrationStatus']
export type Registration = Schema['Registration']
export type Content = Schema['RegistrationInput']
export type Event = Schema['RegistrationEvent']

/** All there is to say of a status here: its colour, and its place on the way from draft to register. */
export const STATUS: Record<Status, { tone: Tone; stage?: number }> = {
  draft: { tone: 'plain', stage: 0 },
  filed: { tone: 'info', stage: 1 },
  examined: { tone: 'info', stage: 2 },
  published: { tone: 'info', stage: 3 },
  opposed: { tone: 'warn', stage: 3 },
  registered: { tone: 'ok', stage: 4 },
  cancelled: { tone: 'bad' },
  surrendered: { tone: 'bad' },
  lapsed: { tone: 'bad' },
  refused: { tone: 'bad' },
  withdrawn: { tone: 'plain' },
}
export const STATUSES = Object.keys(STATUS) as Status[]
export const isStatus = (x: string | undefined): x is Status => x !== undefined && x in STATUS
/** The statuses passed on the way to a registration, in order. */
export const WAY: Status[] = ['draft', 'filed', 'examined', 'published', 'registered']

export type Filter = { q?: string; status?: Status; office?: string; hs?: string }
export const registrationsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['registrations', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/registrations', { params: { query: { ...filter, cursor, limit: 25 } } })),
    placeholderData: keepPreviousData,
  })

/** Where the same selection can be had as a file. */
export function exportAddress(filter: Filter, format: 'csv' | 'xlsx' | 'ndjson' | 'xml') {
  const asked = Object.entries({ ...filter, format }).filter((e): e is [string, string] => e[1] !== undefined)
  return `/api/v1/registrations/export?${new URLSearchParams(asked)}`
}

export const registrationQuery = (id: string, moment: Moment = {}) =>
  queryOptions({
    queryKey: ['registrations', 'one', id, moment],
    queryFn: () => versioned(api.GET('/api/v1/registrations/{id}', { params: { path: { id }, query: moment } })),
  })

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['registrations', 'history', id],
    queryFn: () => body(api.GET('/api/v1/registrations/{id}/history', { params: { path: { id } } })),
  })

export const changed = () => queryClient.invalidateQueries({ queryKey: ['registrations'] })

export const draft = (content: Content) => body(api.POST('/api/v1/registrations', { body: content }))
export const update = (id: string, etag: string, content: Content) =>
  versioned(
    api.PUT('/api/v1/registrations/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body: content }),
  )

const ACTS = [
  'file',
  'examine',
  'publish',
  'oppose',
  'register',
  'amend',
  'refuse',
  'cancel',
  'surrender',
  'lapse',
  'withdraw',
] as const
export type Act = (typeof ACTS)[number]
/** Of what the server allows, the acts of the lifecycle, in the order of a registration's life. */
export const actsIn = (allowed: string[]): Act[] => ACTS.filter((a) => allowed.includes(a))
/** Acts that end something ask for care. */
export const ENDS: readonly Act[] = ['refuse', 'cancel', 'surrender', 'lapse', 'withdraw']

export const perform = (id: string, act: Act, how: Schema['RegistrationAct']) =>
  body(
    // The specification gives every act of the lifecycle the same form; one of them stands for all.
    api.POST(`/api/v1/registrations/{id}/${act}` as '/api/v1/registrations/{id}/file', {
      params: { path: { id } },
      body: how,
    }),
  )

export const correct = (id: string, correction: Schema['EventCorrection']) =>
  body(api.POST('/api/v1/registrations/{id}/corrections', { params: { path: { id } }, body: correction }))
