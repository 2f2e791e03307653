import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { api, body, type Schema } from '../../api/client'
import { may, type Session, useSession } from '../../api/session'
import { type Texts, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag, type Tone } from '../../ui/Tag'
import { today } from '../../ui/today'

const FEW = 5

type Waiting = {
  id: string
  act: 'review' | 'close' | 'decide' | 'complete' | 'fill' | 'score' | 'pay' | 'follow' | 'answer'
  tone: Tone
  name: string | Texts
  /** Until when, or since when. */
  at?: string
  link: (name: string) => ReactNode
}

type Programme = Schema['PromotionProgramme']
const toCall = (id: string) => (name: string) => (
  <Link to="/promotion-programmes/$id" params={{ id }}>
    <bdi>{name}</bdi>
  </Link>
)
const calls =
  (status: Programme['status'], pick: (p: Programme) => Pick<Waiting, 'act' | 'tone' | 'at'> | undefined) =>
  async () => {
    const query = { status, own: true, limit: FEW }
    const { items } = await body(api.GET('/api/v1/promotion-programmes', { params: { query } }))
    return items.flatMap((p): Waiting[] => {
      const what = pick(p)
      return what ? [{ ...what, id: p.id, name: p.call.titles, link: toCall(p.id) }] : []
    })
  }
type Chosen = { status: Schema['PromotionStage']; own: true } | { toScore: true }
const applications = (chosen: Chosen, act: Waiting['act'], tone: Tone) => async () => {
  const query = { ...chosen, limit: FEW }
  const { items } = await body(api.GET('/api/v1/promotion-applications', { params: { query } }))
  return items.map(
    (a): Waiting => ({
      id: a.id,
      act,
      tone,
      name: a.titles,
      at: a.completeUntil,
      link: (name) => (
        <Link to="/promotion-applications/$id" params={{ id: a.id }}>
          <bdi>{name}</bdi>
        </Link>
      ),
    }),
  )
}
const claims = async () => {
  const query = { status: 'submitted', limit: FEW } as const
  const { items } = await body(api.GET('/api/v1/promotion-claims', { params: { query } }))
  return items.map(
    (c): Waiting => ({
      id: c.id,
      act: 'pay',
      tone: 'info',
      name: c.name,
      at: c.createdAt,
      link: (name) => (
        <Link to="/promotion-claims/$id" params={{ id: c.id }}>
          <bdi>{name}</bdi>
        </Link>
      ),
    }),
  )
}
/** Reports whose day has come. */
const follows = async () => {
  const query = { dueOn: today(), limit: FEW }
  const { items } = await body(api.GET('/api/v1/promotion-results', { params: { query } }))
  return items.map(
    (r): Waiting => ({
      id: r.id,
      act: 'follow',
      tone: 'warn',
      name: r.followUp?.what ?? r.name,
      link: (name) => (
        <Link to="/promotion-applications/$id" params={{ id: r.applicationId }}>
          <bdi>{name}</bdi>
        </Link>
      ),
    }),
  )
}
const objections = async () => {
  const query = { status: 'filed', limit: FEW } as const
  const { items } = await body(api.GET('/api/v1/promotion-objections', { params: { query } }))
  return items.map(
    (o): Waiting => ({
      id: o.id,
      act: 'answer',
      tone: 'warn',
      name: o.name,
      at: o.filedAt,
      link: toCall(o.programmeId),
    }),
  )
}

const allowed = (p: Programme, act: 'review' | 'close' | 'decide', tone: Tone) =>
  p.allowed.includes(act) ? { act, tone, at: p.closesAt } : undefined

/** What is asked for whom: each list by the permission of the act that waits. */
const LISTS: { needs: string; name: string; read: () => Promise<Waiting[]> }[] = [
  { needs: 'promotion-programme:review', name: 'review', read: calls('draft', (p) => allowed(p, 'review', 'info')) },
  {
    needs: 'promotion-programme:close',
    name: 'close',
    read: calls('open', (p) => (Date.parse(p.closesAt) < Date.now() ? allowed(p, 'close', 'warn') : undefined)),
  },
  { needs: 'promotion-programme:decide', name: 'decide', read: calls('closed', (p) => allowed(p, 'decide', 'warn')) },
  {
    needs: 'promotion-application:submit',
    name: 'complete',
    read: applications({ status: 'returned', own: true }, 'complete', 'bad'),
  },
  {
    needs: 'promotion-application:submit',
    name: 'fill',
    read: applications({ status: 'draft', own: true }, 'fill', 'plain'),
  },
  { needs: 'promotion-score:give', name: 'score', read: applications({ toScore: true }, 'score', 'info') },
  { needs: 'promotion-result:report', name: 'follow', read: follows },
  { needs: 'promotion-claim:pay', name: 'pay', read: claims },
  { needs: 'promotion-objection:answer', name: 'answer', read: objections },
]
const listsFor = (s: Session) => LISTS.filter((l) => may(s, l.needs))

/** What waits for this person in overseas promotion; nothing when nothing does. */
export function PromotionTasks() {
  const { t, word, text, instant } = useI18n()
  const session = useSession()
  const lists = useQueries({
    queries: listsFor(session).map(({ name, read }) => ({ queryKey: ['promotion', 'home', name], queryFn: read })),
  })
  const waiting = lists.flatMap((l) => l.data ?? [])
  if (waiting.length === 0) return null
  return (
    <Panel title={t('web.promotion.waits')}>
      <ul className="list">
        {waiting.map((x) => (
          <li key={`${x.act} ${x.id}`}>
            <span>
              {x.link(typeof x.name === 'string' ? x.name : text(x.name))}
              {x.at && <div className="soft small">{instant(x.at)}</div>}
            </span>
            <span className="end">
              <Tag tone={x.tone}>{word('web.promotion.task.', x.act)}</Tag>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
