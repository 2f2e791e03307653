import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import type { Event } from './calls'

/**
 * What happened to a call or an application, the newest first. `acts` is where the words of its acts begin. A form is saved as it is filled: of
 * changes that follow one another the last is shown.
 */
export function HistoryPanel({ events, acts }: { events: Event[]; acts: string }) {
  const { t, word, instant } = useI18n()
  const told = events.filter((e, i) => e.act !== 'update' || events[i + 1]?.act !== 'update')
  return (
    <Panel title={t('web.history')}>
      <ol className="timeline" reversed>
        {told.reverse().map((e) => (
          <li key={e.version}>
            <b>{word(acts, e.act)}</b>
            {e.reason && (
              <p className="quote prewrap" dir="auto">
                {e.reason}
              </p>
            )}
            <p className="soft small">
              {t('web.history.recorded', { Name: e.recordedName, When: instant(e.recordedAt) })}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
