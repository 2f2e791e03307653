import { useI18n } from '../../ui/i18n'
import type { Lot } from './lots'

/** What a lot weighs, as it was said. */
export function Quantity({ of: { quantity } }: { of: Pick<Lot, 'quantity'> }) {
  const { t } = useI18n()
  return <span className="nums">{t(`web.lots.${quantity.unit}`, { Quantity: quantity.value })}</span>
}

/** The plots of a lot with their areas, or its area where no plots are named. */
export function Land({ of: { plots, area } }: { of: Pick<Lot, 'plots' | 'area'> }) {
  const { t } = useI18n()
  return (
    <>
      {(plots ?? []).map((p) => (
        <div key={p.name} className="small">
          <bdi>{p.name}</bdi> · {t(`web.lots.${p.area.unit}`, { Area: p.area.value })}
        </div>
      ))}
      {area && <span className="small">{t(`web.lots.${area.unit}`, { Area: area.value })}</span>}
    </>
  )
}
