import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema, type Versioned, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Risk = Schema['MarkRisk']
export type Visit = Schema['MarkVisit']
export type VisitStatus = Schema['MarkVisitStatus']
export type Outcome = Schema['MarkVisitOutcome']
export type Complaint = Schema['MarkComplaint']
export type ComplaintStatus = Schema['MarkComplaintStatus']

const PAGE = 25
export const VISIT: Record<VisitStatus, Tone> = { planned: 'info', done: 'ok', cancelled: 'plain' }
export const VISITS = Object.keys(VISIT) as VisitStatus[]
export const OUTCOME: Record<Outcome, Tone> = { passed: 'ok', minor: 'warn', failed: 'bad' }
export const OUTCOMES = Object.keys(OUTCOME) as Outcome[]
export const COMPLAINT: Record<ComplaintStatus, Tone> = {
  open: 'warn',
  accepted: 'info',
  upheld: 'bad',
  dismissed: 'plain',
}
export const COMPLAINTS = Object.keys(COMPLAINT) as ComplaintStatus[]

/** From how many points on a user is looked at first. */
const HIGH = 50
const SOME = 20
export const toneOf = (score: number): Tone => (score >= HIGH ? 'bad' : score >= SOME ? 'warn' : 'ok')

export type RiskFilter = { registrationId?: string; township?: string }
export const risksQuery = (filter: RiskFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'risks', filter, cursor],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/mark-risks', { params: { query: { ...filter, cursor, limit: PAGE } } }))
      return { ...page, items: page.items.map((r) => ({ ...r, id: r.authorisationId })) }
    },
    placeholderData: keepPreviousData,
  })
export const riskQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'risk', id],
    queryFn: () => body(api.GET('/api/v1/mark-authorisations/{id}/risk', { params: { path: { id } } })),
  })

export type VisitFilter = { authorisationId?: string; status?: VisitStatus; outcome?: Outcome }
export const visitsQuery = (filter: VisitFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'visits', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/mark-visits', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const visitQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'visit', id],
    queryFn: () => versioned(api.GET('/api/v1/mark-visits/{id}', { params: { path: { id } } })),
  })
const at = <T extends { id: string }>({ etag, record }: Versioned<T>) => ({
  params: { path: { id: record.id }, header: { 'If-Match': etag } },
})
export const planVisit = (input: Schema['MarkVisitPlan']) => body(api.POST('/api/v1/mark-visits', { body: input }))
export const recordVisit = (of: Versioned<Visit>, input: Schema['MarkVisitFound']) =>
  body(api.POST('/api/v1/mark-visits/{id}/record', { ...at(of), body: input }))
export const cancelVisit = (of: Versioned<Visit>, reason: string) =>
  body(api.POST('/api/v1/mark-visits/{id}/cancel', { ...at(of), body: { reason } }))

export type ComplaintFilter = { authorisationId?: string; status?: ComplaintStatus }
export const complaintsQuery = (filter: ComplaintFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'complaints', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/mark-complaints', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const complaintQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'complaint', id],
    queryFn: () => versioned(api.GET('/api/v1/mark-complaints/{id}', { params: { path: { id } } })),
  })
export const complain = (input: Schema['MarkComplaintInput']) =>
  body(api.POST('/api/v1/mark-complaints', { body: input }))
export const acceptComplaint = (of: Versioned<Complaint>, on: string) =>
  body(api.POST('/api/v1/mark-complaints/{id}/accept', { ...at(of), body: { on } }))
export const answerComplaint = (of: Versioned<Complaint>, act: 'uphold' | 'dismiss', answer: string) =>
  body(api.POST(`/api/v1/mark-complaints/{id}/${act}`, { ...at(of), body: { answer } }))
