import { IconArrowNarrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import type { Application } from './applications'
import { eligibilityQuery, type Finding, VERDICT } from './papers'

/** What is known of an applicant that a call may ask for, with reasons; who applies is told what to do. Nobody is refused by it. */
export function EligibilityPanel({ of: a }: { of: Application }) {
  const { t } = useI18n()
  const { data = [], error } = useQuery(eligibilityQuery(a))
  return (
    <Panel title={t('web.promotion.eligibility')}>
      <div className="stack">
        <ProblemAlert error={error} />
        <ul className="list">
          {data.map((f) => (
            <Line key={f.code} of={f} own={a.own} />
          ))}
        </ul>
        <p className="soft small">{t(a.own ? 'web.promotion.eligibility-how' : 'web.promotion.eligibility-keeper')}</p>
      </div>
    </Panel>
  )
}

function Line({ of: f, own }: { of: Finding; own: boolean }) {
  const { t, word, day } = useI18n()
  const from = [f.source && t('web.promotion.said-by', { Name: f.source }), f.on && day(f.on)].filter(Boolean)
  return (
    <li>
      <span>{word('web.promotion.asks.', f.code)}</span>
      <span className="end">
        <Tag tone={VERDICT[f.verdict]}>{word('web.promotion.verdict.', f.verdict)}</Tag>
      </span>
      <span className="sub">
        {f.text}
        {from.length > 0 && <bdi> · {from.join(' · ')}</bdi>}
      </span>
      {own && f.verdict !== 'met' && (
        <span className="sub">
          <IconArrowNarrowRight size={14} className="flip" aria-hidden /> {word('web.promotion.do.', f.reason)}
        </span>
      )}
    </li>
  )
}
