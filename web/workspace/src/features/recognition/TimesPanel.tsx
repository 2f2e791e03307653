import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { today } from '../../ui/today'
import { historyQuery, PROTECTION, type Recognition } from './queries'

const DAY = 86_400_000
const at = (day: string) => Date.parse(day) / DAY

/** The days that the picture spans: all that is said of any version, today, and a year on either side. */
function span(versions: Recognition[]): [number, number] {
  const days = [today(), ...versions.flatMap((v) => [v.from, v.until ?? v.from])].map(at)
  return [Math.min(...days) - 365, Math.max(...days) + 365]
}

/** About five years that stand on the axis. */
function years([first, last]: [number, number]): number[] {
  const from = new Date(first * DAY).getUTCFullYear() + 1
  const to = new Date(last * DAY).getUTCFullYear()
  const step = Math.max(1, Math.ceil((to - from + 1) / 5))
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
}

/**
 * Both times of a recognition: along the line the days on which it holds, from top to bottom what the register knew and
 * when. A correction is a line of its own above the one it replaced.
 */
export function TimesPanel({ id }: { id: string }) {
  const { t } = useI18n()
  const { data, error } = useQuery(historyQuery(id))
  return (
    <Panel title={t('web.recognition.times')}>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={160} />}
      {data && <Times versions={data.items} />}
    </Panel>
  )
}

function Times({ versions }: { versions: Recognition[] }) {
  const { t } = useI18n()
  const [first, last] = span(versions)
  const place = (day: number) => `${((day - first) / (last - first)) * 100}%`
  return (
    <>
      <p className="soft small">{t('web.recognition.times-how')}</p>
      <ol className="times" reversed>
        {versions.map((v) => (
          <Known key={v.version} version={v} start={place(at(v.from))} end={place(v.until ? at(v.until) : last)} />
        ))}
        <li className="axis" aria-hidden="true">
          {years([first, last]).map((y) => (
            <span key={y} style={{ insetInlineStart: place(at(`${y}-01-01`)) }}>
              {y}
            </span>
          ))}
          <span className="now" style={{ insetInlineStart: place(at(today())) }} />
        </li>
      </ol>
    </>
  )
}

type KnownProps = { version: Recognition; start: string; end: string }

function Known({ version: v, start, end }: KnownProps) {
  const { t, word, day, instant } = useI18n()
  return (
    <li value={v.version}>
      <p>
        <Tag tone={PROTECTION[v.protection]}>{word('protection.', v.protection)}</Tag>{' '}
        {v.until
          ? t('web.period', { From: day(v.from), Until: day(v.until) })
          : t('web.period.open', { From: day(v.from) })}
      </p>
      <div className="span" aria-hidden="true">
        <span
          data-tone={PROTECTION[v.protection]}
          data-past={v.knownUntil ? true : undefined}
          data-open={v.until ? undefined : true}
          style={{ insetInlineStart: start, inlineSize: `calc(${end} - ${start})` }}
        />
      </div>
      <p className="soft small">
        {v.knownUntil ? (
          <Link to="/recognitions/$id" params={{ id: v.id }} search={{ asOf: v.knownFrom }}>
            {t('web.recognition.known', { From: instant(v.knownFrom), Until: instant(v.knownUntil) })}
          </Link>
        ) : (
          t('web.recognition.known-now', { From: instant(v.knownFrom) })
        )}
        {' · '}
        {t('web.history.version', { Number: v.version })}
      </p>
      {v.reason && (
        <p className="quote" dir="auto">
          {v.reason}
        </p>
      )}
    </li>
  )
}
