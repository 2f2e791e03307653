import { useQuery } from '@tanstack/react-query'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import { today } from '../../ui/today'
import { type Authorisation, historyQuery } from './queries'

type Day = { name: string; on: string }

/** The last days that stand: until when objections, a rectification or an appeal are waited for. No clock decides anything. */
export function TimesPanel({ authorisation: a }: { authorisation: Authorisation }) {
  const { t, day } = useI18n()
  const { data = [] } = useQuery(historyQuery(a.id))
  const announced = a.status === 'announced' && [...data].reverse().find((e) => e.act === 'announce')?.dueOn
  const days: Day[] = [
    ...(announced ? [{ name: t('web.special-marks.objections-until'), on: announced }] : []),
    ...(a.dueOn ? [{ name: t('web.special-marks.due-on'), on: a.dueOn }] : []),
    ...(a.appealUntil ? [{ name: t('web.special-marks.appeal-until'), on: a.appealUntil }] : []),
  ]
  if (!days.length) return null
  return (
    <Panel title={t('web.special-marks.last-days')}>
      <ul className="list">
        {days.map(({ name, on }) => (
          <li key={name}>
            <span>{name}</span>
            <span className="end row">
              {day(on)}
              <Tag tone={left(on) < 0 ? 'bad' : 'info'}>{howLong(left(on), t)}</Tag>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const DAY = 86_400_000
const left = (on: string) => Math.round((Date.parse(on) - Date.parse(today())) / DAY)
const howLong = (days: number, t: ReturnType<typeof useI18n>['t']): string =>
  days < 0 ? t('web.special-marks.over') : t('web.special-marks.days-left', { Count: days })
