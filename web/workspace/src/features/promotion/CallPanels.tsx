import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import type { Call } from './calls'

/** What a call says: what applicants rely on once it is published. */
export function CallPanels({ call, mirrored }: { call: Call; mirrored: boolean }) {
  const { t, text } = useI18n()
  const said = text(call.texts)
  return (
    <>
      {said && (
        <Panel title={t('web.promotion.text')}>
          <p className="prewrap" dir="auto">
            {said}
          </p>
        </Panel>
      )}
      <Rules call={call} mirrored={mirrored} />
      {call.criteria.length > 0 && <Criteria call={call} />}
    </>
  )
}

function Rules({ call, mirrored }: { call: Call; mirrored: boolean }) {
  const { t, word, text, market, number, rate, money } = useI18n()
  const { rules, documents = [] } = call
  return (
    <Panel title={t('web.promotion.rules')}>
      <FactList
        of={[
          [t('web.promotion.topics'), call.topics?.join(' · ')],
          [t('web.promotion.countries'), call.countries.map(market).join(' · ')],
          [t('web.promotion.places'), number(call.places)],
          [
            t('web.promotion.share'),
            rules.shareBp > 0 && Number(rules.ceiling) > 0
              ? t('web.promotion.share-of', {
                  Share: rate(rules.shareBp / 100),
                  Most: money(rules.ceiling, call.currency),
                })
              : t('web.promotion.unsaid'),
          ],
          [t('web.promotion.eligible'), rules.eligible.map((kind) => word('promotion.cost.', kind)).join(' · ')],
          [t('web.promotion.objection-days'), !mirrored && number(call.objectionDays ?? 0)],
          [
            t('web.promotion.documents'),
            documents.length > 0 && (
              <ul>
                {documents.map((d) => (
                  <li key={d.code} dir="auto">
                    {text(d.names)}
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
    </Panel>
  )
}

function Criteria({ call }: { call: Call }) {
  const { t, text, number, percent } = useI18n()
  const all = call.criteria.reduce((sum, c) => sum + c.weight, 0)
  return (
    <Panel title={t('web.promotion.criteria')}>
      <ul className="list">
        {call.criteria.map((c) => (
          <li key={c.code}>
            <bdi>{text(c.names)}</bdi>
            <span className="end nums">
              {number(c.weight)} <span className="soft small">({percent(c.weight / all)})</span>
            </span>
          </li>
        ))}
      </ul>
      {call.blind && <p className="soft small">{t('web.promotion.blind-how')}</p>}
    </Panel>
  )
}
