import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import type { Application } from './applications'
import type { Call } from './calls'

/** What the rules of the call make of the costs, as the server reckons it. */
export function Reckoned({ of: a, call }: { of: Application; call: Call }) {
  const { t, money, rate } = useI18n()
  return (
    <FactList
      of={[
        [t('web.promotion.eligible-sum'), money(a.eligible, a.currency)],
        [
          t('web.promotion.support'),
          <span key="support">
            <b>{money(a.support, a.currency)}</b>{' '}
            <span className="soft small">
              {t('web.promotion.share-of', {
                Share: rate(call.rules.shareBp / 100),
                Most: money(call.rules.ceiling, call.currency),
              })}
            </span>
          </span>,
        ],
      ]}
    />
  )
}
