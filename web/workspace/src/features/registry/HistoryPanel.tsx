import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Tone } from '../../ui/Tag'
import { CorrectionDialog } from './CorrectionDialog'
import { type Act, ENDS, type Event, historyQuery } from './queries'

type Entry = { at: string; event?: Event; version?: Schema['RegistrationVersion'] }

/** Events and versions in the order in which the register learned of them, newest first. */
function entries(history: Schema['RegistrationHistory']): Entry[] {
  const all: Entry[] = [
    ...history.events.map((event) => ({ at: event.recordedAt, event })),
    ...history.versions.map((version) => ({ at: version.recordedAt, version })),
  ]
  return all.sort((a, b) => b.at.localeCompare(a.at))
}

const tone = (e: Event): Tone => (ENDS.includes(e.act as Act) ? 'bad' : e.act === 'register' ? 'ok' : 'info')

export function HistoryPanel({ id, correctable }: { id: string; correctable: boolean }) {
  const { t } = useI18n()
  const { data, error } = useQuery(historyQuery(id))
  const [correcting, setCorrecting] = useState<Event>()
  return (
    <Panel title={t('web.history')}>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={160} />}
      <ol className="timeline" reversed>
        {data &&
          entries(data).map(({ event, version }) =>
            event ? (
              <EventEntry
                key={event.id}
                event={event}
                onCorrect={correctable ? () => setCorrecting(event) : undefined}
              />
            ) : (
              version && <VersionEntry key={`v${version.version}`} version={version} />
            ),
          )}
      </ol>
      {correcting && <CorrectionDialog id={id} event={correcting} onClose={() => setCorrecting(undefined)} />}
    </Panel>
  )
}

function EventEntry({ event: e, onCorrect }: { event: Event; onCorrect?: () => void }) {
  const { t, word, day, instant } = useI18n()
  return (
    <li data-tone={tone(e)} data-void={e.void || undefined}>
      <div className="row">
        <b>{word('registration.act.', e.act)}</b>
        <span>{t('web.history.effective', { Day: day(e.effectiveOn) })}</span>
      </div>
      {(e.nationalCode || e.nationalText) && (
        <p className="small">
          <bdi>{[e.nationalCode, e.nationalText].filter(Boolean).join(' · ')}</bdi>
        </p>
      )}
      {e.reason && (
        <p className="quote" dir="auto">
          {e.reason}
        </p>
      )}
      <p className="soft small">
        {t('web.history.recorded', { Name: e.recordedName, When: instant(e.recordedAt) })}
        {e.corrects && ` · ${t('web.history.corrects')}`}
        {e.void && ` · ${t('web.history.void')}`}
      </p>
      {onCorrect && !e.void && !e.corrects && (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={t('web.history.correct-this', {
            Name: word('registration.act.', e.act),
            Day: day(e.effectiveOn),
          })}
          onClick={onCorrect}
        >
          {word('registration.act.', 'correct')}
        </Button>
      )}
    </li>
  )
}

function VersionEntry({ version: v }: { version: Schema['RegistrationVersion'] }) {
  const { t, instant } = useI18n()
  return (
    <li data-tone="warn">
      <b>{t('web.history.version', { Number: v.version })}</b>
      <p className="soft small">{t('web.history.recorded', { Name: v.recordedName, When: instant(v.recordedAt) })}</p>
    </li>
  )
}
