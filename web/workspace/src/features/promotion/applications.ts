import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'
import { one, PAGE } from './calls'

export type Application = Schema['PromotionApplication']
export type Form = Schema['PromotionForm']
export type Cost = Schema['PromotionCost']
export type Stage = Schema['PromotionStage']
export type Stand = Schema['PromotionStand']
export type Score = Schema['PromotionScore']
export type Rank = Schema['PromotionRank']
export type Award = Schema['PromotionAward']
export type Outcome = Schema['PromotionOutcome']
export type Objection = Schema['PromotionObjection']

export const STAGES: Stage[] = ['draft', 'submitted', 'returned', 'withdrawn']
export const STAGE: Record<Stage, Tone> = { draft: 'plain', submitted: 'info', returned: 'warn', withdrawn: 'plain' }
export const STANDS: Stand[] = ['scored', 'abstained', 'conflict']
export const OUTCOMES: Schema['PromotionDecided'][] = ['awarded', 'waiting', 'rejected']
export const OUTCOME: Record<Outcome, Tone> = { awarded: 'ok', waiting: 'warn', rejected: 'bad', withdrawn: 'plain' }
export const OBJECTION: Record<Objection['status'], Tone> = { filed: 'warn', upheld: 'ok', dismissed: 'plain' }

export type Filter = { q?: string; programmeId?: string; status?: Stage; own?: boolean }
export const applicationsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['promotion', 'applications', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/promotion-applications', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const applicationQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'application', id],
    queryFn: () => body(api.GET('/api/v1/promotion-applications/{id}', one(id))),
  })

/** Whether it is not shown whose an application is: whoever scores in a blind selection opens nothing that says it either. */
export const blinded = (a: Application) => !a.own && !a.applicant

const at = (x: { id: string; etag: string }) => ({ params: { path: { id: x.id }, header: { 'If-Match': x.etag } } })
export const apply = (programmeId: string, form: Form) =>
  body(api.POST('/api/v1/promotion-applications', { body: { programmeId, form } }))
export const fill = (a: Application, form: Form) =>
  body(api.PUT('/api/v1/promotion-applications/{id}', { ...at(a), body: form }))
export const submit = (a: Application) => body(api.POST('/api/v1/promotion-applications/{id}/submit', at(a)))
export const withdraw = (a: Application, reason: string) =>
  body(api.POST('/api/v1/promotion-applications/{id}/withdraw', { ...at(a), body: { reason } }))
export const giveBack = (a: Application, asked: string[], until: string) =>
  body(api.POST('/api/v1/promotion-applications/{id}/return', { ...at(a), body: { asked, until } }))

/** All pages of a list, for what is shown as a whole: a call has hundreds of applications at most. */
async function all<T>(page: (cursor?: string) => Promise<{ items: T[]; next?: string }>): Promise<T[]> {
  const found: T[] = []
  let cursor: string | undefined
  do {
    const { items, next } = await page(cursor)
    found.push(...items)
    cursor = next
  } while (cursor && found.length < MANY)
  return found
}
const MANY = 5_000
const WHOLE = 200

/** The applications to an own call in their order, each with what was decided on it. */
export const rankingQuery = (programmeId: string) =>
  queryOptions({
    queryKey: ['promotion', 'ranking', programmeId],
    queryFn: async () => {
      const query = { programmeId, limit: WHOLE }
      const [ranks, applications, awards] = await Promise.all([
        body(api.GET('/api/v1/promotion-programmes/{id}/ranking', one(programmeId))),
        all((cursor) =>
          body(api.GET('/api/v1/promotion-applications', { params: { query: { ...query, own: false, cursor } } })),
        ),
        all((cursor) => body(api.GET('/api/v1/promotion-awards', { params: { query: { ...query, cursor } } }))),
      ])
      const application = new Map(applications.map((a) => [a.id, a]))
      const award = new Map(awards.map((w) => [w.applicationId, w]))
      return ranks.items.map((rank) => ({
        ...rank,
        id: rank.applicationId,
        application: application.get(rank.applicationId),
        award: award.get(rank.applicationId),
      }))
    },
  })
export type Ranked = Awaited<ReturnType<NonNullable<ReturnType<typeof rankingQuery>['queryFn']>>>[number]

export const scoresQuery = (applicationId: string) =>
  queryOptions({
    queryKey: ['promotion', 'scores', applicationId],
    queryFn: async () =>
      (await body(api.GET('/api/v1/promotion-scores', { params: { query: { applicationId, limit: 100 } } }))).items,
  })
export const score = (input: Schema['PromotionScoreInput']) =>
  body(api.POST('/api/v1/promotion-scores', { body: input }))

export const awardQuery = (applicationId: string) =>
  queryOptions({
    queryKey: ['promotion', 'award', applicationId],
    queryFn: async () =>
      (await body(api.GET('/api/v1/promotion-awards', { params: { query: { applicationId, limit: 1 } } }))).items[0] ??
      null,
  })
export const awardOneQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'award-one', id],
    queryFn: () => body(api.GET('/api/v1/promotion-awards/{id}', one(id))),
  })
export const decide = (input: Schema['PromotionDecision']) =>
  body(api.POST('/api/v1/promotion-awards', { body: input }))
export const advance = (id: string) => body(api.POST('/api/v1/promotion-programmes/{id}/advance', one(id)))

export type ObjectionFilter = { programmeId?: string; awardId?: string; status?: Objection['status'] }
export const objectionsQuery = (filter: ObjectionFilter) =>
  queryOptions({
    queryKey: ['promotion', 'objections', filter],
    queryFn: async () =>
      (await body(api.GET('/api/v1/promotion-objections', { params: { query: { ...filter, limit: 100 } } }))).items,
  })
export const object = (awardId: string, text: string) =>
  body(api.POST('/api/v1/promotion-objections', { body: { awardId, text } }))
export const answer = (o: Objection, input: Schema['PromotionAnswer']) =>
  body(api.POST('/api/v1/promotion-objections/{id}/answer', { ...at(o), body: input }))
