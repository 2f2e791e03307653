import { useI18n } from '../../ui/i18n'
import type { Result } from './claims'

/** A report: what was counted, and what was sold by HS code and country. */
export function ResultLine({ of: r }: { of: Result }) {
  const { day } = useI18n()
  return (
    <li>
      <span>{day(r.happenedOn)}</span>
      <Counted of={r} />
      <Exports of={r} />
      {r.note && (
        <span className="sub" dir="auto">
          {r.note}
        </span>
      )}
    </li>
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
