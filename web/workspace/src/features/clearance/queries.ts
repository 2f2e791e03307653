import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Report = Schema['ClearanceReport']
export type Finding = Schema['ClearanceFinding']
export type Decision = Schema['ClearanceDecisionInput']['decision']
export type Right = Schema['ClearanceRight']
export type Mark = Schema['EarlierMark']
export type MarkList = Schema['EarlierMarkListSummary']
export type MarkKind = Schema['EarlierMarkKind']

const PAGE = 25
/** In the order in which a report shows them. */
export const RIGHTS: Right[] = [
  'geographical-indication',
  'recognition',
  'pending-name',
  'trade-mark',
  'plant-variety',
  'generic-term',
]
export const KINDS: MarkKind[] = ['trade-mark', 'plant-variety', 'geographical-indication', 'generic-term']
export const MARK_STATUSES: Mark['status'][] = ['registered', 'pending', 'ended', 'unknown']
export const DECISIONS: Decision[] = ['conflict', 'no-conflict', 'unclear']
export const DECIDED: Record<Decision, Tone> = { conflict: 'bad', 'no-conflict': 'ok', unclear: 'warn' }

export type Filter = { q?: string; market?: string; caseId?: string; registrationId?: string }
export const reportsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['clearance', 'list', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/clearance-reports', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
const one = (id: string) => ({ params: { path: { id } } })
export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['clearance', 'one', id],
    queryFn: () => body(api.GET('/api/v1/clearance-reports/{id}', one(id))),
  })
/** All findings: a report has no more than people decide on. */
export const findingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['clearance', 'findings', id],
    queryFn: async () => {
      const all: Finding[] = []
      let cursor: string | undefined
      do {
        const page = await body(
          api.GET('/api/v1/clearance-reports/{id}/findings', {
            params: { path: { id }, query: { cursor, limit: 200 } },
          }),
        )
        all.push(...page.items)
        cursor = page.next
      } while (cursor)
      return all
    },
  })
export const changed = () => queryClient.invalidateQueries({ queryKey: ['clearance'] })
export const ask = (question: Schema['ClearanceQuestion']) =>
  body(api.POST('/api/v1/clearance-reports', { body: question }))
export const issue = (id: string, language: Schema['ClearancePaperInput']['language']) =>
  body(api.POST('/api/v1/clearance-reports/{id}/issue', { ...one(id), body: { language } }))
const within = (id: string, findingId: string) => ({ params: { path: { id, findingId } } })
export const decide = (id: string, findingId: string, decision: Decision, reason: string) =>
  body(
    api.POST('/api/v1/clearance-reports/{id}/findings/{findingId}/decide', {
      ...within(id, findingId),
      body: { decision, reason },
    }),
  )
export const undo = (id: string, findingId: string) =>
  body(api.POST('/api/v1/clearance-reports/{id}/findings/{findingId}/undo', within(id, findingId)))

/** The registration or the case that a report is asked for, for its name and its market. */
export const aboutQuery = (registration: string, recognitionCase: string) =>
  queryOptions({
    queryKey: ['clearance', 'about', registration, recognitionCase],
    queryFn: async () => {
      if (recognitionCase) {
        const c = await body(api.GET('/api/v1/recognition-cases/{id}', one(recognitionCase)))
        return { title: c.name, market: c.market }
      }
      const r = await body(api.GET('/api/v1/registrations/{id}', one(registration)))
      return { title: r.title, market: '' }
    },
    enabled: registration !== '' || recognitionCase !== '',
  })

export type MarkFilter = { q?: string; kind?: MarkKind; listId?: string; office?: string }
export const marksQuery = (filter: MarkFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['earlier-marks', 'list', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/earlier-marks', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const listsQuery = queryOptions({
  queryKey: ['earlier-marks', 'lists'],
  queryFn: async () => (await body(api.GET('/api/v1/earlier-mark-lists'))).items,
})
export const marksChanged = () => queryClient.invalidateQueries({ queryKey: ['earlier-marks'] })
export const addMark = (mark: Schema['EarlierMarkInput']) => body(api.POST('/api/v1/earlier-marks', { body: mark }))
export const importMarks = (input: Schema['EarlierMarkImport']) =>
  body(api.POST('/api/v1/earlier-marks/import', { body: input }))
export const removeMark = (id: string) => body(api.DELETE('/api/v1/earlier-marks/{id}', one(id)))
export const removeList = (id: string) => body(api.DELETE('/api/v1/earlier-mark-lists/{id}', one(id)))
