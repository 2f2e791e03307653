import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Schema } from '../../api/client'
import { FactList } from '../../ui/FactList'
import { FiledName } from '../../ui/FiledName'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { PaperName } from '../../ui/PaperName'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RevealButton } from '../../ui/RevealButton'
import { Tag } from '../../ui/Tag'
import { type Application, blinded, type Cost } from './applications'
import type { Call } from './calls'
import { filedQuery, linkToFiled, revealContact } from './papers'

/** What an application says. */
export function FormPanels({ of: a, call }: { of: Application; call: Call }) {
  const { t, language } = useI18n()
  const f = a.form
  const [shown, setShown] = useState<Schema['ContactDetails']>()
  return (
    <>
      <Panel
        title={t('web.promotion.step.applicant')}
        aside={
          a.allowed.includes('reveal') &&
          !shown && <RevealButton reveal={(purpose) => revealContact(a.id, purpose)} onShown={setShown} />
        }
      >
        <FactList
          of={[
            [t('web.promotion.producer'), f.name],
            [t('web.members.credit-code'), f.creditCode && <bdi className="mono">{f.creditCode}</bdi>],
            [t('web.promotion.contact'), f.contact],
            [t('web.members.email'), shown?.email ?? f.email],
            [t('web.members.phone'), shown?.phone ?? f.phone],
            [t('web.members.language'), f.language && language(f.language)],
            [t('web.promotion.team'), f.team?.join(' · ')],
          ]}
        />
        {blinded(a) && <p className="soft">{t('web.promotion.blind-how')}</p>}
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

/** The documents: to both sides as they were handed in, to the applicant as its form has them until then. */
function Papers({ of: a, call }: { of: Application; call: Call }) {
  const { t, text } = useI18n()
  const form = a.own && (a.status === 'draft' || a.status === 'returned')
  const { data: filed, error } = useQuery({ ...filedQuery(a.id), enabled: !form && !blinded(a) })
  const papers = (form || blinded(a) ? a.form.papers : filed) ?? []
  const name = (code?: string) => {
    const names = call.documents?.find((d) => d.code === code)?.names
    return names ? text(names) : t('web.promotion.other-documents')
  }
  const file = (documentId: string) => {
    if (form) return <PaperName id={documentId} />
    const found = filed?.find((f) => f.documentId === documentId)
    return found && <FiledName of={found} link={(id) => linkToFiled(a.id, id)} />
  }
  return (
    <Panel title={t('web.promotion.step.papers')}>
      <ProblemAlert error={error} />
      {papers.length === 0 && !error && <p className="soft">{t('web.promotion.papers-none')}</p>}
      <ul className="list">
        {papers.map((paper) => (
          <li key={paper.documentId}>
            <bdi>{name(paper.code)}</bdi>
            <span className="end">{file(paper.documentId)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
