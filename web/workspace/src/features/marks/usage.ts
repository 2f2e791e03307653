import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, type Versioned, versioned } from '../../api/client'
import { changed } from './queries'

export type Usage = Schema['MarkUsage']
export type Share = Schema['MarkUsageShare']
export type Figure = Schema['MarkUsageFigure']
export type Rule = Schema['MarkRule']
export type RuleInput = Schema['MarkRuleInput']
export type Producer = Schema['MarkProducer']
export type UsageProducer = Schema['MarkUsageProducer']

const PAGE = 25
/** Lists that an import of producers writes to: its page reads anew what begins with its name. */
const PRODUCERS = 'mark-producers'

export const ruleQuery = queryOptions({
  queryKey: ['marks', 'rule'],
  queryFn: () => versioned(api.GET('/api/v1/mark-rule')),
})
export const updateRule = (etag: string, input: RuleInput) =>
  body(api.PUT('/api/v1/mark-rule', { params: { header: { 'If-Match': etag } }, body: input }))

export type ProducerFilter = {
  q?: string
  registrationId?: string
  township?: string
  exports?: boolean
  counted?: boolean
}
export const producersQuery = (filter: ProducerFilter, cursor?: string) =>
  queryOptions({
    queryKey: [PRODUCERS, filter, cursor],
    queryFn: () => body(api.GET('/api/v1/mark-producers', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const producerQuery = (id: string) =>
  queryOptions({
    queryKey: [PRODUCERS, 'one', id],
    queryFn: () => versioned(api.GET('/api/v1/mark-producers/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  })
export const createProducer = (input: Schema['MarkProducerInput']) =>
  body(api.POST('/api/v1/mark-producers', { body: input }))
export const updateProducer = ({ etag, record }: Versioned<Producer>, input: Schema['MarkProducerChange']) =>
  body(
    api.PUT('/api/v1/mark-producers/{id}', {
      params: { path: { id: record.id }, header: { 'If-Match': etag } },
      body: input,
    }),
  )
export const importProducers = (input: Schema['MarkProducerImport']) =>
  body(api.POST('/api/v1/mark-producers/import', { body: input }))

/** A period and whose mark; without a registration those of all are counted together. */
export type Asked = { registrationId?: string; from: string; to: string }
export const usageQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [PRODUCERS, 'usage', asked],
    queryFn: () => body(api.GET('/api/v1/mark-usage', { params: { query: asked } })),
    placeholderData: keepPreviousData,
  })
export const usersQuery = (
  asked: Asked,
  more: { township?: string; exports?: boolean; using?: boolean },
  cursor?: string,
) =>
  queryOptions({
    queryKey: [PRODUCERS, 'usage-of', asked, more, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/mark-usage/producers', { params: { query: { ...asked, ...more, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })

/** So many figures of a registration are shown beside what the months are now: five years of them, some frozen again. */
const MOST_FIGURES = 200
export const figuresQuery = (registrationId: string) =>
  queryOptions({
    queryKey: ['marks', 'figures', registrationId],
    queryFn: async () =>
      (
        await body(
          api.GET('/api/v1/mark-usage-figures', { params: { query: { registrationId, limit: MOST_FIGURES } } }),
        )
      ).items,
  })
export const freeze = (input: Schema['MarkUsageFreeze']) =>
  body(api.POST('/api/v1/mark-usage-figures', { body: input }))

export const producersChanged = () => Promise.all([changed(), queryClient.invalidateQueries({ queryKey: [PRODUCERS] })])

/** The first day of the month that is `months` before the month of a day. */
export function monthBefore(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10)
}
