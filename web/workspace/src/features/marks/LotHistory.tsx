import { useI18n } from '../../ui/i18n'
import { Land, Quantity } from './Land'
import type { Lot } from './lots'

/** All that a lot said, the newest first, each correction with its reason. */
export function LotHistory({ lot }: { lot: Lot }) {
  const { t, day, instant } = useI18n()
  return (
    <section>
      <h3>{t('web.lots.versions')}</h3>
      <ol className="timeline" reversed>
        {(lot.versions ?? []).map((v) => (
          <li key={v.version}>
            <div className="row">
              <b>{t('web.lots.version', { Number: v.version })}</b>
              <Quantity of={v} />
              <span>{v.harvest}</span>
            </div>
            <Land of={v} />
            <p className="small">
              <bdi>{v.declaredBy}</bdi> · {day(v.declaredOn)}
            </p>
            {v.reason && (
              <p className="quote" dir="auto">
                {v.reason}
              </p>
            )}
            <p className="soft small">
              {t('web.history.recorded', { Name: v.recordedName, When: instant(v.recordedAt) })}
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
