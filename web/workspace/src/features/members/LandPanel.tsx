import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import { INSIDE, type Member } from './queries'

/** Plots with their areas, whether they lie in the protected area and by which registration, and what was grown. */
export function LandPanel({ member: m }: { member: Member }) {
  const { t, word, instant } = useI18n()
  const area = (a: { mu: string; hectares: string }) => t('web.members.area-of', { Mu: a.mu, Hectares: a.hectares })
  if (!m.plots.length && !m.declaredShown && !m.production.length) return null
  return (
    <Panel title={t('web.members.land')}>
      {m.declaredShown && <p>{t('web.members.declared', { Area: area(m.declaredShown) })}</p>}
      {m.plots.length > 0 && (
        <>
          <ul className="list">
            {m.plots.map((p, i) => (
              <li key={i}>
                <bdi>
                  {p.name}
                  {p.place && ` · ${p.place}`}
                </bdi>
                <span className="end small">{area(p.shown)}</span>
                <Tag tone={INSIDE[p.inside]}>{word('member.inside.', p.inside)}</Tag>
              </li>
            ))}
          </ul>
          <p>{t('web.members.plots-sum', { Area: area(m.plotsArea) })}</p>
        </>
      )}
      {m.protectedArea && (
        <p className="soft small">
          {t('web.members.inside-by', {
            Title: m.protectedArea.title,
            Version: m.protectedArea.version,
            When: instant(m.protectedArea.publishedAt),
          })}
        </p>
      )}
      {m.production.length > 0 && (
        <ul className="list">
          {m.production.map((p) => (
            <li key={p.year}>
              {p.year}
              <span className="end">{t('web.members.tonnes', { Tonnes: p.tonnes })}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
