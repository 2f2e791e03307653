import type { GeoJSON } from 'geojson'
import { lazy, Suspense } from 'react'
import type { Schema } from '../../api/client'
import { FactList } from '../../ui/FactList'
import { directionOf, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { SourcesPanel } from '../../ui/Sources'
import type { Content } from './queries'

const AreaMap = lazy(() => import('../../ui/AreaMap').then((m) => ({ default: m.AreaMap })))

/** What a registration says, panel by panel; what it does not say is left out. */
export function ContentPanels({ content: c }: { content: Content }) {
  const { t, text } = useI18n()
  return (
    <>
      <Names names={c.names} />
      {c.bases && c.bases.length > 0 && <Bases bases={c.bases} />}
      <Facts content={c} />
      {(c.area?.words || c.area?.geometry) && (
        <Panel title={t('web.registration.area')}>
          <div className="stack tight">
            {c.area.words && <p className="prewrap">{text(c.area.words)}</p>}
            {c.area.geometry && (
              <Suspense>
                <AreaMap geometry={c.area.geometry as unknown as GeoJSON} title={t('web.registration.area-map')} />
              </Suspense>
            )}
            {c.area.geometry && <p className="soft small">{t('web.registration.area-note')}</p>}
          </div>
        </Panel>
      )}
      {c.link && (
        <Panel title={t('web.registration.link')}>
          <p className="prewrap">{text(c.link)}</p>
        </Panel>
      )}
      {c.specification && c.specification.length > 0 && (
        <Panel title={t('web.registration.specification')}>
          <div className="stack">
            {c.specification.map((s) => (
              <section key={s.key} className="stack tight">
                <h3>{text(s.titles) || s.key}</h3>
                <p className="prewrap">{text(s.texts)}</p>
              </section>
            ))}
          </div>
        </Panel>
      )}
      {c.quality && c.quality.length > 0 && <Quality quality={c.quality} />}
      {c.sources && c.sources.length > 0 && <SourcesPanel sources={c.sources} />}
    </>
  )
}

function Names({ names }: { names: Schema['RegistrationName'][] }) {
  const { t, word, language } = useI18n()
  return (
    <Panel title={t('web.registration.names')}>
      <ul className="list">
        {names.map((n, i) => (
          <li key={i}>
            <span className="display" lang={n.language} dir={directionOf(n.language)} style={{ fontSize: 19 }}>
              {n.text}
            </span>
            <span className="end soft small">
              {[
                language(n.language),
                word('name.kind.', n.kind),
                n.scheme,
                n.doNotTranslate && t('web.registration.keep'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Bases({ bases }: { bases: Schema['RegistrationBasis'][] }) {
  const { t, word, market, day } = useI18n()
  return (
    <Panel title={t('web.registration.bases')}>
      <ul className="list">
        {bases.map((b, i) => (
          <li key={i}>
            <b>{word('basis.', b.kind)}</b>
            <span className="end">
              {market(b.office)} {b.number && <bdi className="mono">{b.number}</bdi>}
            </span>
            {(b.notice || b.registeredOn) && (
              <span className="sub">
                {[b.notice, b.registeredOn && t('web.registration.registered-on', { Day: day(b.registeredOn) })]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Facts({ content: c }: { content: Content }) {
  const { t, text, market } = useI18n()
  const party = (p: Schema['Party'] | undefined) =>
    p && [text(p.names), p.code, text(p.address)].filter(Boolean).join(' · ')
  const facts = [
    [t('web.registration.office'), market(c.office)],
    [t('web.registration.holder'), party(c.holder)],
    [t('web.registration.control-body'), party(c.controlBody)],
    [
      t('web.registration.classes'),
      c.classes?.map((x) => [x.scheme, x.edition, x.code].filter(Boolean).join(' ')).join(', '),
    ],
    [t('web.registration.hs'), c.hsCodes?.join(', ')],
  ] as const
  return (
    <Panel title={t('web.registration.facts')}>
      <FactList of={facts} />
    </Panel>
  )
}

function Quality({ quality }: { quality: Schema['QualityEvidence'][] }) {
  const { t, text } = useI18n()
  return (
    <Panel title={t('web.registration.quality')}>
      <section className="table-wrap" aria-label={t('web.registration.quality')}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('web.registration.quality-property')}</th>
              <th scope="col">{t('web.registration.quality-value')}</th>
              <th scope="col">{t('web.registration.quality-method')}</th>
              <th scope="col">{t('web.registration.quality-evidence')}</th>
            </tr>
          </thead>
          <tbody>
            {quality.map((q, i) => (
              <tr key={i}>
                <td>{text(q.property)}</td>
                <td>
                  <bdi>{q.value}</bdi>
                </td>
                <td>
                  <bdi>{q.method}</bdi>
                </td>
                <td>{text(q.evidence)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}
