import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Event, historyQuery, STATUS } from './queries'

/** What happened to an authorisation, the newest first. */
export function HistoryPanel({ id }: { id: string }) {
  const { t } = useI18n()
  const { data, error } = useQuery(historyQuery(id))
  return (
    <Panel title={t('web.history')}>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={160} />}
      <ol className="timeline" reversed>
        {[...(data ?? [])].reverse().map((e) => (
          <Entry key={e.seq} event={e} />
        ))}
      </ol>
    </Panel>
  )
}

function Entry({ event: e }: { event: Event }) {
  const { t, word, day, instant } = useI18n()
  const facts = [
    e.reference,
    e.ground && word('mark-authorisation.ground.', e.ground),
    e.dueOn &&
      `${t(e.act === 'announce' ? 'web.special-marks.objections-until' : 'web.special-marks.due-on')}: ${day(e.dueOn)}`,
    e.appealUntil && `${t('web.special-marks.appeal-until')}: ${day(e.appealUntil)}`,
  ].filter(Boolean)
  return (
    <li data-tone={STATUS[e.toStatus].tone}>
      <div className="row">
        <b>{word('mark-authorisation.act.', e.act)}</b>
        <span>{day(e.happenedOn)}</span>
      </div>
      {facts.map((fact) => (
        <p key={fact} className="small">
          <bdi>{fact}</bdi>
        </p>
      ))}
      {e.reason && (
        <p className="quote" dir="auto">
          {e.reason}
        </p>
      )}
      {e.documents.length > 0 && (
        <p className="small row">
          {e.documents.map((id, i) => (
            <Link key={id} to="/documents/$id" params={{ id }}>
              {t('web.special-marks.paper', { Number: i + 1 })}
            </Link>
          ))}
        </p>
      )}
      <p className="soft small">{t('web.history.recorded', { Name: e.recordedName, When: instant(e.recordedAt) })}</p>
    </li>
  )
}
