import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import { type Case, DEADLINE, type Deadline } from './queries'

/** What is or was due, from whom and until when. */
export function DeadlinesPanel({ of: c }: { of: Case }) {
  const { t } = useI18n()
  if (c.deadlines.length === 0) return null
  return (
    <Panel title={t('web.case.deadlines')}>
      <ul className="list">
        {c.deadlines.map((d) => (
          <Row key={`${d.code} ${d.start}`} deadline={d} />
        ))}
      </ul>
    </Panel>
  )
}

function Row({ deadline: d }: { deadline: Deadline }) {
  const { t, word, text, day } = useI18n()
  const doubts = [!d.certain && t('web.case.uncertain'), !d.verified && t('web.case.unverified')].filter(Boolean)
  return (
    <li>
      <span>
        {text(d.titles ?? {}) || d.code} · {word('case.side.', d.side)}
        <div className="small">{d.endsOn ? t('web.case.last-day', { Day: day(d.endsOn) }) : t('web.case.paused')}</div>
        {d.state === 'open' && doubts.length > 0 && <div className="soft small">{doubts.join(' · ')}</div>}
      </span>
      <span className="end">
        <Tag tone={d.overdue ? 'bad' : DEADLINE[d.state]}>
          {d.overdue ? t('web.case.overdue') : word('deadline.state.', d.state)}
        </Tag>
      </span>
    </li>
  )
}
