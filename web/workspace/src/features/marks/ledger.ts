import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Batch = Schema['MarkBatch']
export type Move = Schema['MarkMove']
export type MoveInput = Schema['MarkMoveInput']
export type Holding = Schema['MarkHolding']
export type Place = Schema['MarkPlace']
export type Count = Schema['MarkCount']
export type CountInput = Schema['MarkCountInput']
export type PlaceKind = Schema['MarkPlaceKind']
export type MoveAct = Schema['MarkMoveAct']
export type Verdict = Schema['MarkVerdict']
export type Check = Schema['MarkCheck']

const PAGE = 25
/** Where marks are, in the order of their life. */
export const PLACES: Record<PlaceKind, Tone> = {
  ordered: 'plain',
  printed: 'info',
  stock: 'info',
  issued: 'ok',
  used: 'ok',
  void: 'warn',
  lost: 'bad',
  destroyed: 'plain',
}
export const VERDICTS: Record<Verdict, Tone> = {
  genuine: 'ok',
  'not-issued': 'bad',
  stopped: 'bad',
  void: 'bad',
  mistyped: 'warn',
  'not-genuine': 'bad',
}

export type Fact =
  | 'reference'
  | 'warehouse'
  | 'authorisationId'
  | 'lot'
  | 'packages'
  | 'weightG'
  | 'destination'
  | 'reason'
  | 'witnesses'
type Asks = {
  from: readonly PlaceKind[]
  must?: readonly Fact[]
  may?: readonly Fact[]
  ends?: boolean
  usual?: boolean
}
/** Where the marks of a move have to be, what it asks for, and whether it is one of the usual steps of a mark's life. */
export const MOVES: Record<Exclude<MoveAct, 'order'>, Asks> = {
  print: { from: ['ordered'], must: ['reference'], usual: true },
  receive: { from: ['printed'], must: ['reference', 'warehouse'], usual: true },
  issue: { from: ['stock'], must: ['authorisationId'], may: ['reference'], usual: true },
  use: { from: ['issued'], must: ['lot'], may: ['packages', 'weightG', 'destination', 'reference'], usual: true },
  transfer: { from: ['stock'], must: ['warehouse'], may: ['reference'] },
  return: { from: ['issued'], must: ['warehouse', 'reason'], may: ['reference'] },
  find: { from: ['lost'], must: ['warehouse', 'reason'], may: ['reference'] },
  void: { from: ['ordered', 'printed', 'stock', 'issued', 'used'], must: ['reason'], may: ['reference'], ends: true },
  lose: { from: ['printed', 'stock', 'issued'], must: ['reason'], may: ['reference'], ends: true },
  destroy: {
    from: ['printed', 'stock', 'issued', 'void'],
    must: ['reason', 'witnesses'],
    may: ['reference'],
    ends: true,
  },
  correct: { from: [], must: ['reason'], may: ['reference'] },
}
export type Doing = keyof typeof MOVES
export const MOVE_ACTS: MoveAct[] = ['order', ...(Object.keys(MOVES) as Doing[])]
export const movesIn = (allowed: string[]) =>
  (Object.keys(MOVES) as Doing[]).filter((act) => act !== 'correct' && allowed.includes(act))

export type BatchFilter = { registrationId?: string; authorisationId?: string; printer?: string }
export const batchesQuery = (filter: BatchFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'batches', filter, cursor],
    queryFn: () => body(api.GET('/api/v1/mark-batches', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
const one = (id: string) => ({ params: { path: { id } } })
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'batch', id],
    queryFn: () => body(api.GET('/api/v1/mark-batches/{id}', one(id))),
    enabled: id !== '',
  })
/** Where the numbers of a batch are, from one on. */
export const holdingsQuery = (id: string, from?: number, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'holdings', id, from, cursor],
    queryFn: () =>
      body(
        api.GET('/api/v1/mark-batches/{id}/holdings', {
          params: { path: { id }, query: { from, cursor, limit: PAGE } },
        }),
      ),
    placeholderData: keepPreviousData,
  })
/** So many ranges of a batch are offered to choose from; of one in more pieces the numbers are typed. */
const MOST_RANGES = 1000
export const rangesQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'ranges', id],
    gcTime: 0, // a dialog begins with what is so now, not with what was when the last one was open
    queryFn: async () => {
      const all: Holding[] = []
      let cursor: string | undefined
      do {
        const page = await body(
          api.GET('/api/v1/mark-batches/{id}/holdings', { params: { path: { id }, query: { cursor, limit: 200 } } }),
        )
        all.push(...page.items)
        cursor = page.next
      } while (cursor && all.length < MOST_RANGES)
      return { all, whole: !cursor }
    },
  })
export const scansQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'scans', id],
    queryFn: async () => (await body(api.GET('/api/v1/mark-batches/{id}/scans', one(id)))).items,
  })
export const countsQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'counts', id],
    queryFn: async () => (await body(api.GET('/api/v1/mark-batches/{id}/counts', one(id)))).items,
  })

export type MoveFilter = {
  batchId?: string
  act?: MoveAct
  authorisationId?: string
  happenedFrom?: string
  happenedTo?: string
}
export const movesQuery = (filter: MoveFilter, cursor?: string, limit = PAGE) =>
  queryOptions({
    queryKey: ['marks', 'moves', filter, cursor, limit],
    queryFn: () => body(api.GET('/api/v1/mark-moves', { params: { query: { ...filter, cursor, limit } } })),
    placeholderData: keepPreviousData,
  })

/** What is known of a code. It is asked at the door that everybody asks at; to who keeps the batch it says more. */
export const checkQuery = (code: string) =>
  queryOptions({
    queryKey: ['marks', 'check', code],
    queryFn: () => body(api.GET('/api/v1/marks/{code}', { params: { path: { code } } })),
    enabled: code !== '',
  })
/** The code in what was typed or read by a scanner, which reads the whole address. */
export const codeIn = (typed: string) => (typed.split(/[?#]/)[0] ?? '').split('/').filter(Boolean).at(-1)?.trim() ?? ''

export const order = (input: Schema['MarkOrder']) => body(api.POST('/api/v1/mark-batches', { body: input }))
export const move = (id: string, act: Doing, input: MoveInput) =>
  body(api.POST(`/api/v1/mark-batches/{id}/${act}`, { ...one(id), body: input }))
export const takeStock = (id: string, input: CountInput) =>
  body(api.POST('/api/v1/mark-batches/{id}/count', { ...one(id), body: input }))
export const printFile = (id: string, format: string, first: number, count: number) =>
  `/api/v1/mark-batches/${id}/export?${new URLSearchParams({ format, first: String(first), count: String(count) })}`
