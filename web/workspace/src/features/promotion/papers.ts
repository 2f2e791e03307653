import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'
import type { Application } from './applications'
import { one } from './calls'

export type Filed = Schema['PromotionDocument']
export type Finding = Schema['PromotionFinding']
export type Known = Schema['PromotionPrefilled']

export const VERDICT: Record<Finding['verdict'], Tone> = { met: 'ok', unmet: 'bad', unknown: 'plain' }

/** The documents as they were handed in: later versions are the applicant's own. */
export const filedQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'filed', id],
    queryFn: async () => (await body(api.GET('/api/v1/promotion-applications/{id}/documents', one(id)))).items,
  })
export const receiptsQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'receipts', id],
    queryFn: async () => (await body(api.GET('/api/v1/promotion-claims/{id}/documents', one(id)))).items,
  })

/** How the applicant is reached, which answers have masked. */
export const revealContact = (id: string, purpose: string) =>
  body(api.POST('/api/v1/promotion-applications/{id}/reveal', { ...one(id), body: { purpose } }))

const at = (id: string, documentId: string) => ({
  params: { path: { id, documentId }, query: { disposition: 'attachment' as const } },
})
export const linkToFiled = (id: string, documentId: string) =>
  body(api.GET('/api/v1/promotion-applications/{id}/documents/{documentId}/content', at(id, documentId)))
export const linkToReceipt = (id: string, documentId: string) =>
  body(api.GET('/api/v1/promotion-claims/{id}/documents/{documentId}/content', at(id, documentId)))

/** Papers about an applicant are in the language that it chose. */
export const printConfirmation = (id: string) =>
  body(api.POST('/api/v1/promotion-applications/{id}/print', { ...one(id), body: {} }))
export const printLetter = (awardId: string) =>
  body(api.POST('/api/v1/promotion-awards/{id}/print', { ...one(awardId), body: {} }))

/** Whose an application is, is found by the code that it names. */
export const eligibilityQuery = (a: Application) =>
  queryOptions({
    queryKey: ['promotion', 'eligibility', a.id, a.form.creditCode],
    queryFn: async () => (await body(api.GET('/api/v1/promotion-applications/{id}/eligibility', one(a.id)))).items,
    placeholderData: keepPreviousData,
  })
/** What can be filled in depends on what is filled in already. */
export const knownQuery = (a: Application) =>
  queryOptions({
    queryKey: ['promotion', 'known', a.id, a.etag],
    queryFn: () => body(api.GET('/api/v1/promotion-applications/{id}/prefill', one(a.id))),
    placeholderData: keepPreviousData,
  })
