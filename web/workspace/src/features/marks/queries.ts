import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Authorisation = Schema['MarkAuthorisation']
export type Event = Schema['MarkAuthorisationEvent']
export type Application = Schema['MarkApplication']
export type Amendment = Schema['MarkAmendment']
export type Deed = Schema['MarkAuthorisationAct']
export type Status = Schema['MarkStatus']
export type Kind = Schema['MarkUserKind']
export type Ground = Schema['MarkEndGround']

const PAGE = 25
export const KINDS: Kind[] = ['approved-producer', 'collective-member', 'certification-licensee', 'filed-user']

/** All there is to say of a status here: its colour, and its place on the way from application to entry. */
export const STATUS: Record<Status, { tone: Tone; stage?: number }> = {
  applied: { tone: 'info', stage: 0 },
  verified: { tone: 'info', stage: 1 },
  examined: { tone: 'info', stage: 2 },
  announced: { tone: 'info', stage: 3 },
  active: { tone: 'ok', stage: 4 },
  rectifying: { tone: 'warn', stage: 4 },
  abnormal: { tone: 'bad', stage: 4 },
  ended: { tone: 'bad' },
  refused: { tone: 'bad' },
  withdrawn: { tone: 'plain' },
}
/** Whether the mark may be used: who has to put something right may use up what it has. */
export const inForce = (s: Status) => s === 'active' || s === 'rectifying' || s === 'abnormal'
export const STATUSES = Object.keys(STATUS) as Status[]
export const WAY: Status[] = ['applied', 'verified', 'examined', 'announced', 'active']

/** The grounds of an end, and whether such an end is ordered, so that it can be appealed. */
export const GROUNDS: Record<Ground, { ordered: boolean }> = {
  'own-request': { ordered: false },
  succession: { ordered: false },
  dissolved: { ordered: false },
  'registration-ended': { ordered: false },
  unused: { ordered: true },
  'not-to-standard': { ordered: true },
  'serious-violation': { ordered: true },
  'exit-ordered': { ordered: true },
}

export type Fact = 'reference' | 'reason' | 'ground' | 'dueOn' | 'appealUntil'
type Asks = { must?: readonly Fact[]; may?: readonly Fact[]; ends?: boolean }
/** What an act asks for beside its day, its reference, a reason and papers, and whether it takes something from somebody. */
export const ACTS = {
  verify: {},
  examine: {},
  announce: { may: ['dueOn'] },
  enter: { must: ['reference'] },
  report: {},
  rectify: {},
  clear: { must: ['reason'] },
  reopen: { must: ['reason', 'reference'] },
  appeal: { must: ['reason'] },
  order: { must: ['reason', 'dueOn'], ends: true },
  flag: { must: ['reason'], ends: true },
  refuse: { must: ['reason', 'appealUntil'], ends: true },
  withdraw: { must: ['reason'], ends: true },
  end: { must: ['reason', 'ground'], ends: true },
} as const satisfies Record<string, Asks>
export type Act = keyof typeof ACTS
export const asks = (act: Act): Asks => ACTS[act]
export const actsIn = (allowed: string[]) => (Object.keys(ACTS) as Act[]).filter((act) => allowed.includes(act))

export type Filter = {
  q?: string
  status?: Status
  kind?: Kind
  township?: string
  exports?: boolean
  registrationId?: string
}
export const authorisationsQuery = (filter: Filter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'authorisations', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/mark-authorisations', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
/** Who may be issued marks of a registration, by the words that somebody typed. */
export const holdersQuery = (registrationId: string | undefined, q: string) =>
  queryOptions({
    queryKey: ['marks', 'holders', registrationId, q],
    queryFn: () =>
      body(
        api.GET('/api/v1/mark-authorisations', {
          params: {
            query: { ...(registrationId && { registrationId }), status: 'active', ...(q && { q }), limit: 20 },
          },
        }),
      ),
    enabled: registrationId !== '',
  })
const one = (id: string) => ({ params: { path: { id } } })
export const authorisationQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'authorisation', id],
    queryFn: () => versioned(api.GET('/api/v1/mark-authorisations/{id}', one(id))),
    enabled: id !== '',
  })
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'history', id],
    queryFn: async () => (await body(api.GET('/api/v1/mark-authorisations/{id}/history', one(id)))).events,
  })

export const changed = () => queryClient.invalidateQueries({ queryKey: ['marks'] })

const at = (id: string, etag: string) => ({ params: { path: { id }, header: { 'If-Match': etag } } })
export const apply = (application: Application) => body(api.POST('/api/v1/mark-authorisations', { body: application }))
export const amend = (id: string, etag: string, amendment: Amendment) =>
  body(api.POST('/api/v1/mark-authorisations/{id}/amend', { ...at(id, etag), body: amendment }))
export const perform = (id: string, etag: string, act: Act, deed: Deed) =>
  body(api.POST(`/api/v1/mark-authorisations/{id}/${act}`, { ...at(id, etag), body: deed }))
