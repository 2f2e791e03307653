import { useEffect, useState } from 'react'
import { useI18n } from '../../ui/i18n'
import type { Programme } from './calls'

const SECOND = 1000
const UNITS = [
  ['day', 86_400 * SECOND],
  ['hour', 3_600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
] as const

/** The time as it goes on, to the second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), SECOND)
    return () => clearInterval(clock)
  }, [])
  return now
}

/** How far an instant is away, in the largest unit of which there are two: in 3 days, in 90 minutes. */
function useAway(at: number, now: number): string {
  const { locale } = useI18n()
  const away = at - now
  const [unit, size] = UNITS.find(([, size]) => Math.abs(away) >= 2 * size) ?? UNITS[3]
  return new Intl.RelativeTimeFormat(locale === 'ar' ? 'ar-u-nu-latn' : locale).format(Math.trunc(away / size), unit)
}

/** From when to when a call takes applications, as clocks where it holds show it, and how much of it is left. */
export function Window({ of: p }: { of: Programme }) {
  const { t, clock, instant } = useI18n()
  const { opens, closes, zone } = p.call.window
  return (
    <div className="stack tight">
      <p>
        {clock(opens)} – {clock(closes)}
        <br />
        <span className="soft small">
          {t('web.promotion.zone')}: <bdi>{zone}</bdi>
        </span>
      </p>
      <p className="soft small">{t('web.promotion.here', { From: instant(p.opensAt), To: instant(p.closesAt) })}</p>
      {(p.status === 'open' || p.status === 'reviewed') && (
        <p role="timer">
          <b>
            <Left of={p} />
          </b>
        </p>
      )}
    </div>
  )
}

/** The closing second counts: the window is over when the next one begins. */
function Left({ of: p }: { of: Programme }) {
  const { t } = useI18n()
  const now = useNow()
  const opens = Date.parse(p.opensAt)
  const over = Date.parse(p.closesAt) + SECOND
  const toOpen = useAway(opens, now)
  const toClose = useAway(over, now)
  if (now < opens) return t('web.promotion.opens-when', { When: toOpen })
  if (now < over) return t('web.promotion.closes-when', { When: toClose })
  return t('web.promotion.closed-when', { When: toClose })
}

/** In a list: when a call closes, and how much is left while it is open. */
export function Ends({ of: p }: { of: Programme }) {
  const { clock } = useI18n()
  return (
    <>
      {clock(p.call.window.closes)}
      <div className="soft small">{p.status === 'open' ? <Left of={p} /> : <bdi>{p.call.window.zone}</bdi>}</div>
    </>
  )
}
