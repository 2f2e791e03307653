import type { ReactNode } from 'react'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import type { Application, Cost } from './applications'
import type { Call } from './calls'
import { PaperName } from './PaperName'

/** What an application says. */
export function FormPanels({ of: a, call }: { of: Application; call: Call }) {
  const { t, language } = useI18n()
  const f = a.form
  return (
    <>
      <Panel title={t('web.promotion.step.applicant')}>
        <FactList
          of={[
            [t('web.promotion.producer'), f.name],
            [t('web.members.credit-code'), f.creditCode && <bdi className="mono">{f.creditCode}</bdi>],
            [t('web.promotion.contact'), f.contact],
            [t('web.members.email'), f.email],
            [t('web.members.phone'), f.phone],
            [t('web.members.language'), f.language && language(f.language)],
            [t('web.promotion.team'), f.team?.join(' · ')],
          ]}
        />
        {!f.name && !a.own && <p className="soft">{t('web.promotion.blind-how')}</p>}
      </Panel>
      {f.plan && (
        <Panel title={t('web.promotion.plan')}>
          <p className="prewrap" dir="auto">
            {f.plan}
          </p>
        </Panel>
      )}
      <Panel title={t('web.promotion.costs')}>
        {!f.costs?.length && <p className="soft">{t('web.promotion.costs-none')}</p>}
        <ul className="list">
          {f.costs?.map((c, i) => (
            <CostLine key={i} of={c} call={call} />
          ))}
        </ul>
      </Panel>
      <Papers of={a} call={call} />
    </>
  )
}

/** A cost with its rate, and whether the call supports it. */
export function CostLine({ of: c, call, children }: { of: Cost; call: Call; children?: ReactNode }) {
  const { t, word, day, money } = useI18n()
  return (
    <li>
      <span>
        {word('promotion.cost.', c.kind)} <bdi className="soft">{c.text}</bdi>
      </span>
      {!call.rules.eligible.includes(c.kind) && <Tag>{t('web.promotion.not-supported')}</Tag>}
      <span className="end nums">{c.amount && money(c.amount, c.currency)}</span>
      {c.rate && (
        <span className="sub">
          {t('web.promotion.rate-of', {
            From: c.currency,
            Rate: c.rate,
            To: call.currency,
            Source: c.rateSource ?? '',
            Day: c.rateOn ? day(c.rateOn) : '',
          })}
        </span>
      )}
      {children && <span className="sub">{children}</span>}
    </li>
  )
}

function Papers({ of: a, call }: { of: Application; call: Call }) {
  const { t, text } = useI18n()
  const papers = a.form.papers ?? []
  const name = (code?: string) => {
    const names = call.documents?.find((d) => d.code === code)?.names
    return names ? text(names) : t('web.promotion.other-documents')
  }
  return (
    <Panel title={t('web.promotion.step.papers')}>
      {papers.length === 0 && <p className="soft">{t('web.promotion.papers-none')}</p>}
      <ul className="list">
        {papers.map((paper) => (
          <li key={paper.documentId}>
            <bdi>{name(paper.code)}</bdi>
            <span className="end">
              {a.own ? (
                <PaperName id={paper.documentId} />
              ) : (
                <code className="small">{paper.documentId.slice(-12)}</code>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
