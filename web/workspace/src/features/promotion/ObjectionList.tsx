import { Button } from '@mantine/core'
import { useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { Tag } from '../../ui/Tag'
import { AnswerDialog } from './AnswerDialog'
import { OBJECTION, type Objection } from './applications'

/** What applicants say against decisions, and what they were answered. */
export function ObjectionList({ of: all }: { of: Objection[] }) {
  const { t, word, instant } = useI18n()
  const [answering, setAnswering] = useState<Objection>()
  if (all.length === 0) return null
  return (
    <>
      <ul className="list" aria-label={t('web.promotion.objections')}>
        {all.map((o) => (
          <li key={o.id}>
            <b>
              <bdi>{o.name}</bdi>
            </b>
            <span className="end row">
              <Tag tone={OBJECTION[o.status]}>{word('promotion-objection.status.', o.status)}</Tag>
              {o.allowed.includes('answer') && (
                <Button size="compact-xs" onClick={() => setAnswering(o)}>
                  {t('web.promotion.answer')}
                </Button>
              )}
            </span>
            <span className="sub" dir="auto">
              {o.text}
            </span>
            {o.answer && (
              <span className="sub quote" dir="auto">
                {o.answer}
              </span>
            )}
            <span className="sub">{instant(o.answeredAt ?? o.filedAt)}</span>
          </li>
        ))}
      </ul>
      {answering && <AnswerDialog of={answering} onClose={() => setAnswering(undefined)} />}
    </>
  )
}
