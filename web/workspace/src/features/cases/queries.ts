import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Case = Schema['RecognitionCase']
export type Summary = Schema['RecognitionCaseSummary']
export type State = Schema['CaseState']
export type Act = Schema['CaseAct']
export type Side = Schema['CaseSide']
export type Event = Schema['CaseEvent']
export type Deadline = Schema['CaseDeadline']

export const STATE: Record<State, Tone> = {
  draft: 'plain',
  endorsement: 'plain',
  proposed: 'info',
  formality: 'info',
  deficient: 'warn',
  examination: 'info',
  published: 'info',
  opposed: 'warn',
  consultation: 'warn',
  'decision-pending': 'info',
  protected: 'ok',
  'protected-limited': 'ok',
  suspended: 'warn',
  refused: 'bad',
  appeal: 'warn',
  withdrawn: 'plain',
  abandoned: 'bad',
  renounced: 'bad',
  invalidated: 'bad',
  cancelled: 'bad',
  expired: 'bad',
}
export const STATES = Object.keys(STATE) as State[]
export const SIDES: Side[] = ['origin', 'destination']
/** Acts that end something ask for care. */
export const ENDS: readonly string[] = [
  'abandon',
  'refuse',
  'invalidate',
  'cancel',
  'renounce',
  'withdraw',
  'expire',
  'annul',
]

export const DEADLINE: Record<Schema['DeadlineState'], Tone> = {
  open: 'info',
  met: 'ok',
  missed: 'bad',
  over: 'plain',
  waived: 'plain',
  void: 'plain',
}

export type Filter = { q?: string; side?: Side; state?: State; overdue?: boolean }
export const casesQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['cases', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/recognition-cases', { params: { query: { ...filter, cursor, limit: 25 } } })),
    placeholderData: keepPreviousData,
  })
export type BoardColumn = Schema['CaseBoardColumn']
export const boardQuery = ({ state: _, ...filter }: Filter) =>
  queryOptions({
    queryKey: ['cases', 'board', filter],
    queryFn: () => body(api.GET('/api/v1/recognition-case-board', { params: { query: filter } })),
    placeholderData: keepPreviousData,
  })
const at = (id: string) => ({ params: { path: { id } } })
export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'one', id],
    queryFn: () => body(api.GET('/api/v1/recognition-cases/{id}', at(id))),
  })
export const eventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'events', id],
    queryFn: () => body(api.GET('/api/v1/recognition-cases/{id}/events', at(id))),
  })
export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'notes', id],
    queryFn: () => body(api.GET('/api/v1/recognition-cases/{id}/notes', at(id))),
  })
export type View = Schema['ReceivedCaseView']
export const viewsQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'views', id],
    queryFn: () => body(api.GET('/api/v1/recognition-cases/{id}/views', at(id))),
  })
export const instrumentsQuery = queryOptions({
  queryKey: ['cases', 'instruments'],
  queryFn: () => body(api.GET('/api/v1/instruments', { params: { query: { limit: 200 } } })),
})

export const changed = () => queryClient.invalidateQueries({ queryKey: ['cases'] })

export const open = (opening: Schema['RecognitionCaseOpening']) =>
  body(api.POST('/api/v1/recognition-cases', { body: opening }))
export const addNote = (id: string, text: string) =>
  body(api.POST('/api/v1/recognition-cases/{id}/notes', { ...at(id), body: { text } }))
/** Where our signed view of a case is downloaded. */
export const viewFile = (id: string) => `/api/v1/recognition-cases/${id}/view`
/** The other house's file. What is no view is sent as one that nobody signed: the server says so in words. */
export async function receiveView(id: string, file: File | null) {
  const text = (await file?.text()) ?? ''
  let read: Partial<Schema['CaseView']> | null = null
  try {
    read = JSON.parse(text)
  } catch {
    // no JSON at all
  }
  const view = { statement: '{}', chain: [], keyId: '-', signature: '-', ...read }
  return body(api.POST('/api/v1/recognition-cases/{id}/views', { ...at(id), body: view }))
}
export const register = (id: string) => body(api.POST('/api/v1/recognition-cases/{id}/register', at(id)))
export const perform = (c: Case, act: string, how: Schema['RecognitionCaseAct']) =>
  body(
    // The specification gives every act of a case the same form; one of them stands for all.
    api.POST(`/api/v1/recognition-cases/{id}/${act}` as '/api/v1/recognition-cases/{id}/submit', {
      params: { path: { id: c.id }, header: { 'If-Match': c.etag } },
      body: how,
    }),
  )
