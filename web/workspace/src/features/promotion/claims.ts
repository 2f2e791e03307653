import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'
import { one, PAGE } from './calls'
import { type CostValues, costInput, costOf } from './form'

export type Claim = Schema['PromotionClaim']
export type ClaimStatus = Schema['PromotionClaimStatus']
export type Receipt = Schema['PromotionReceipt']
export type Payment = Schema['PromotionPayment']
export type Result = Schema['PromotionResult']

export const CLAIM_STATUSES: ClaimStatus[] = ['submitted', 'part-paid', 'paid', 'refused']
export const CLAIM: Record<ClaimStatus, Tone> = { submitted: 'info', 'part-paid': 'warn', paid: 'ok', refused: 'bad' }

export type ClaimFilter = { programmeId?: string; awardId?: string; status?: ClaimStatus }
export const claimsQuery = (filter: ClaimFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['promotion', 'claims', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/promotion-claims', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const claimQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'claim', id],
    queryFn: () => body(api.GET('/api/v1/promotion-claims/{id}', one(id))),
  })
export const paymentsQuery = (claimId: string) =>
  queryOptions({
    queryKey: ['promotion', 'payments', claimId],
    queryFn: async () =>
      (await body(api.GET('/api/v1/promotion-payments', { params: { query: { claimId, limit: 200 } } }))).items,
  })
/** What a finance bureau wants of payments, in its order. */
export const PAYMENT_FIELDS = [
  'paidOn',
  'number',
  'name',
  'source',
  'amount',
  'currency',
  'reference',
  'reverses',
  'reason',
  'recordedName',
]

const at = (c: Claim) => ({ params: { path: { id: c.id }, header: { 'If-Match': c.etag } } })
export const claim = (input: Schema['PromotionClaimInput']) =>
  body(api.POST('/api/v1/promotion-claims', { body: input }))
export const pay = (c: Claim, input: Schema['PromotionPaymentInput']) =>
  body(api.POST('/api/v1/promotion-claims/{id}/pay', { ...at(c), body: input }))
export const refuse = (c: Claim, reason: string) =>
  body(api.POST('/api/v1/promotion-claims/{id}/refuse', { ...at(c), body: { reason } }))
export const reverse = (c: Claim, paymentId: string, reason: string) =>
  body(api.POST('/api/v1/promotion-claims/{id}/reverse', { ...at(c), body: { paymentId, reason } }))

export type ResultFilter = { programmeId?: string; awardId?: string; country?: string }
export const resultsQuery = (filter: ResultFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['promotion', 'results', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/promotion-results', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', 'evidence', id],
    queryFn: async () => (await body(api.GET('/api/v1/promotion-results/{id}/documents', one(id)))).items,
  })
export const linkToEvidence = (id: string, documentId: string) =>
  body(
    api.GET('/api/v1/promotion-results/{id}/documents/{documentId}/content', {
      params: { path: { id, documentId }, query: { disposition: 'attachment' } },
    }),
  )
/** Own dossiers that are issued: what may have opened a market. */
export const issuedQuery = queryOptions({
  queryKey: ['promotion', 'issued'],
  queryFn: async () =>
    (await body(api.GET('/api/v1/dossiers', { params: { query: { status: 'issued', limit: 100 } } }))).items,
})
export const casesQuery = queryOptions({
  queryKey: ['promotion', 'cases'],
  queryFn: async () => (await body(api.GET('/api/v1/recognition-cases', { params: { query: { limit: 100 } } }))).items,
})
export const linkCases = (r: Result, caseIds: string[]) =>
  body(
    api.PUT('/api/v1/promotion-results/{id}/cases', {
      params: { path: { id: r.id }, header: { 'If-Match': r.etag } },
      body: { caseIds },
    }),
  )
/** What a finance bureau wants of commitments, in its order. */
export const COMMITMENT_FIELDS = [
  'recordedAt',
  'number',
  'name',
  'source',
  'amount',
  'currency',
  'reason',
  'recordedName',
]
export const report = (input: Schema['PromotionResultInput']) =>
  body(api.POST('/api/v1/promotion-results', { body: input }))

/** A receipt as its row holds it. */
export type ReceiptValues = CostValues & { number: string; issuedOn: string; documentId: string }

export const receiptOf = (currency: string): ReceiptValues => ({
  ...costOf(currency),
  number: '',
  issuedOn: '',
  documentId: '',
})

export function receiptInput(r: ReceiptValues, currency: string): Receipt {
  const { documentId, number, issuedOn, ...cost } = r
  return {
    amount: '',
    ...costInput(cost, currency),
    number: number.trim(),
    issuedOn,
    ...(documentId && { documentId }),
  }
}
