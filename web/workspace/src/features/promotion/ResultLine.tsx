import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FiledName } from '../../ui/FiledName'
import { useI18n } from '../../ui/i18n'
import { Tag } from '../../ui/Tag'
import { evidenceQuery, linkToEvidence, type Result } from './claims'

/** A report: what was counted, what was sold by HS code and country, what shows it, and when it is followed up. */
export function ResultLine({ of: r, acts }: { of: Result; acts?: ReactNode }) {
  const { day } = useI18n()
  return (
    <li>
      <span>{day(r.happenedOn)}</span>
      {acts && <span className="end">{acts}</span>}
      <Counted of={r} />
      <Exports of={r} />
      {r.note && (
        <span className="sub" dir="auto">
          {r.note}
        </span>
      )}
      <Evidence of={r} />
      <Used of={r} />
      <FollowUp of={r} />
    </li>
  )
}

function Evidence({ of: r }: { of: Result }) {
  const { data = [] } = useQuery(evidenceQuery(r.id))
  return data.map((f) => (
    <span key={f.documentId} className="sub">
      <FiledName of={f} link={(documentId) => linkToEvidence(r.id, documentId)} />
    </span>
  ))
}

/** The dossiers and the recognition cases that opened the market, by the names they had then. */
export function Used({ of: r }: { of: Result }) {
  const { t, text, market } = useI18n()
  const lists = [
    ['web.promotion.used-dossiers', r.dossiers],
    ['web.promotion.used-cases', r.cases],
  ] as const
  return lists.map(
    ([name, all]) =>
      all.length > 0 && (
        <span key={name} className="sub">
          {t(name)}:{' '}
          <bdi>
            {all.map((u) => [u.number, text(u.names), market(u.market)].filter((part) => part).join(' · ')).join('; ')}
          </bdi>
        </span>
      ),
  )
}

export function FollowUp({ of: r }: { of: Result }) {
  const { t, day } = useI18n()
  if (!r.followUp) return null
  return (
    <span className="sub">
      {t('web.promotion.follow-up-due', { Day: day(r.followUp.dueOn) })}
      {r.followUp.what && (
        <>
          {': '}
          <bdi>{r.followUp.what}</bdi>
        </>
      )}{' '}
      {r.followedAt && <Tag tone="ok">{t('web.promotion.followed')}</Tag>}
    </span>
  )
}

/** Where somebody looks what came of a report, it is reported from there. */
export function FollowButton({ of: r, onFollow }: { of: Result; onFollow: () => void }) {
  const { t } = useI18n()
  if (!r.own || !r.followUp || r.followedAt) return null
  return (
    <Button size="compact-xs" variant="default" onClick={onFollow}>
      {t('web.promotion.follow')}
    </Button>
  )
}

export function Counted({ of: r }: { of: Result }) {
  const { t } = useI18n()
  return (
    <span className="sub">
      {t('web.promotion.counted', {
        Contacts: r.contacts,
        Inquiries: r.inquiries,
        Samples: r.samples,
        Contracts: r.contracts,
      })}
    </span>
  )
}

export function Exports({ of: r }: { of: Result }) {
  const { market, money } = useI18n()
  return r.exports.map((e, i) => (
    <span key={i} className="sub">
      <bdi className="mono">{e.hsCode}</bdi> {market(e.country)}: {money(e.amount, e.currency)}
    </span>
  ))
}
