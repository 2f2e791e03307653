import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Invoice = Schema['DuesInvoice']
export type Payment = Schema['DuesPayment']
export type DuesYear = Schema['DuesYear']
export type State = Schema['DuesInvoiceState']
export type Standing = Schema['DuesStanding']
export type Method = Schema['DuesMethod']

const PAGE = 25
export const STATES: State[] = ['due', 'overdue', 'paid', 'cancelled']
export const STATE: Record<State, Tone> = { due: 'info', overdue: 'bad', paid: 'ok', cancelled: 'plain' }
export const STANDINGS: Standing[] = ['good', 'due', 'overdue']
export const STANDING: Record<Standing, Tone> = { good: 'ok', due: 'info', overdue: 'bad' }
export const METHODS: Method[] = ['bank', 'cash', 'wechat', 'alipay', 'other']
export const SORTS = ['-number', 'dueOn'] as const

export type InvoiceFilter = {
  q?: string
  year?: string
  state?: State
  memberId?: string
  sort?: (typeof SORTS)[number]
  reminder?: 'no-address'
}
/** What members owe and paid is beneath `members`, so that whoever changes one reads both anew. */
export const invoicesQuery = (filter: InvoiceFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['members', 'invoices', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/dues-invoices', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const paymentsQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', 'payments', memberId],
    queryFn: async () =>
      (await body(api.GET('/api/v1/dues-payments', { params: { query: { memberId, limit: 200 } } }))).items,
  })
export const yearQuery = (year: number) =>
  queryOptions({
    queryKey: ['members', 'dues', year],
    queryFn: () => body(api.GET('/api/v1/dues-years/{year}', { params: { path: { year } } })),
  })

const named = (year: number, etag: string) => ({ params: { path: { year }, header: { 'If-Match': etag } } })
export const updateYear = (year: number, etag: string, input: Schema['DuesYearInput']) =>
  body(api.PUT('/api/v1/dues-years/{year}', { ...named(year, etag), body: input }))
export const raise = (year: number, etag: string) =>
  body(api.POST('/api/v1/dues-years/{year}/raise', named(year, etag)))

const at = (i: Invoice) => ({ params: { path: { id: i.id }, header: { 'If-Match': i.etag } } })
export const ask = (input: Schema['DuesInvoiceInput']) => body(api.POST('/api/v1/dues-invoices', { body: input }))
export const pay = (i: Invoice, payment: Schema['DuesPaymentInput']) =>
  body(api.POST('/api/v1/dues-invoices/{id}/pay', { ...at(i), body: payment }))
export const reverse = (i: Invoice, paymentId: string, reason: string) =>
  body(api.POST('/api/v1/dues-invoices/{id}/reverse', { ...at(i), body: { paymentId, reason } }))
export const cancel = (i: Invoice, reason: string) =>
  body(api.POST('/api/v1/dues-invoices/{id}/cancel', { ...at(i), body: { reason } }))
