import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import type { Programme } from './calls'

/** The money of a call by source: how much there is, how much of it is promised, and how much was paid. Before it is open it is only planned. */
export function FundsPanel({ of: p }: { of: Programme }) {
  const { t, word, money } = useI18n()
  const { currency, budgets } = p.call
  const funds = p.funds?.length ? p.funds : budgets.map((b) => ({ ...b, committed: undefined, paid: undefined }))
  return (
    <Panel title={t('web.promotion.budget')}>
      <ul className="list">
        {funds.map((f) => (
          <li key={f.source}>
            <span>{word('promotion.source.', f.source)}</span>
            <b className="end nums">{money(f.amount, currency)}</b>
            {f.committed !== undefined && (
              <span className="sub stack tight">
                {t('web.promotion.committed', {
                  Committed: money(f.committed, currency),
                  Paid: money(f.paid, currency),
                })}
                <span className="gauge" data-full={f.committed === f.amount || undefined}>
                  <span style={{ inlineSize: `${(Number(f.committed) / Number(f.amount)) * 100}%` }} />
                </span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
