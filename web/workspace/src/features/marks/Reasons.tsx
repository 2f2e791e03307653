import { useI18n } from '../../ui/i18n'
import type { Risk } from './supervision'

/** What makes a score, a line each, with how often it is so and what it counts. */
export function Reasons({ of }: { of: Risk['reasons'] }) {
  const { t, word } = useI18n()
  if (of.length === 0) return <span className="soft">{t('web.risks.nothing')}</span>
  return (
    <ul className="plain small">
      {of.map((l) => (
        <li key={l.reason}>
          {word('mark-risk.', l.reason)}
          {l.count > 1 && ` × ${l.count}`}
          <span className="soft nums">
            {' '}
            {t('web.risks.points', { Points: l.points > 0 ? `+${l.points}` : l.points })}
          </span>
        </li>
      ))}
    </ul>
  )
}
