import { Button } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useI18n } from '../../ui/i18n'
import type { Move } from './ledger'
import { Range, Where } from './Where'

/** A line of the ledger: what went from where to where, and what was said of it. */
export function MoveItem({ move: m, onCorrect }: { move: Move; onCorrect?: () => void }) {
  const { t, word, day, instant } = useI18n()
  return (
    <li>
      <b>{word('mark-batch.act.', m.act)}</b>
      <Range of={m} />
      <span className="row" style={{ gap: 6 }}>
        <Where place={m.fromPlace} />
        <IconArrowRight size={16} aria-hidden className="flip" />
        <Where place={m.toPlace} />
      </span>
      <span className="end small">{day(m.happenedOn)}</span>
      <div className="sub">
        <Said move={m} />
        {t('web.history.recorded', { Name: m.recordedName, When: instant(m.recordedAt) })}
        {onCorrect && m.act !== 'order' && (
          <>
            {' '}
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={t('web.batches.correct-this', { Name: word('mark-batch.act.', m.act), Number: m.seq })}
              onClick={onCorrect}
            >
              {word('mark-batch.act.', 'correct')}
            </Button>
          </>
        )}
      </div>
    </li>
  )
}

/** What was said of a move, in one line, and its papers. */
export function Said({ move: m }: { move: Move }) {
  const { t, number } = useI18n()
  const facts: (ReactNode | false | undefined)[] = [
    m.reference,
    m.packages !== undefined && t('web.batches.packages-of', { Count: m.packages }),
    m.weightG !== undefined && t('web.batches.kilograms', { Weight: number(m.weightG / 1000) }),
    m.destination,
    m.witnesses && t('web.batches.seen-by', { Names: m.witnesses.join(', ') }),
    m.reason,
  ].filter(Boolean)
  return (
    <>
      {facts.length > 0 && (
        <p dir="auto">
          {facts.map((fact, i) => (
            <span key={i}>
              {i > 0 && ' · '}
              <bdi>{fact}</bdi>
            </span>
          ))}
        </p>
      )}
      {m.documents && (
        <p className="row">
          {m.documents.map((id, i) => (
            <Link key={id} to="/documents/$id" params={{ id }}>
              {t('web.special-marks.paper', { Number: i + 1 })}
            </Link>
          ))}
        </p>
      )}
    </>
  )
}
