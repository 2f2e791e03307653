import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Schema, Versioned } from '../../api/client'
import { Refusal } from '../../api/problem'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RevealButton } from '../../ui/RevealButton'
import { Tag } from '../../ui/Tag'
import { AppealDialog, ReturnDialog } from './ApplicationDialogs'
import { ApplicationForm } from './ApplicationForm'
import { FiledPanel } from './ApplicationPapers'
import {
  type Application,
  applicationQuery,
  revealContact,
  STAGE,
  takeApplication,
  VERDICT,
  withdrawApplication,
} from './applications'
import { changed } from './queries'

const route = getRouteApi('/house/mark-applications/$id')

/** An application: the form while it can be filled, what was checked, and what its keeper said. */
export function ApplicationPage() {
  const { id } = route.useParams()
  const { t } = useI18n()
  const { data, error, refetch } = useQuery(applicationQuery(id))
  const crumb = (
    <Link to="/mark-applications" className="crumb">
      <Back>{t('web.applications.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.applications.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown of={data} crumb={crumb} />
}

function Shown({ of, crumb }: { of: Versioned<Application>; crumb: ReactNode }) {
  const { t, word, text } = useI18n()
  const [dialog, setDialog] = useState<'return' | 'appeal'>()
  const a = of.record
  const may = (act: string) => a.allowed.includes(act)
  const run = useMutation({
    mutationFn: (act: 'take' | 'withdraw') => (act === 'take' ? takeApplication(of) : withdrawApplication(of)),
    onSuccess: async (_, act) => {
      await changed()
      done(t('web.act.done', { Name: word('mark-application.act.', act) }))
    },
    onError: async (e) => {
      if (e instanceof Refusal && e.stale) await changed()
    },
  })
  const button = (act: 'take' | 'withdraw' | 'return' | 'appeal', variant: 'filled' | 'default') =>
    may(act) && (
      <Button
        key={act}
        variant={variant}
        loading={run.isPending && run.variables === act}
        onClick={() => (act === 'return' || act === 'appeal' ? setDialog(act) : run.mutate(act))}
      >
        {word('mark-application.act.', act)}
      </Button>
    )
  return (
    <>
      <PageHead
        title={text(a.form.names ?? {}) || a.product}
        crumb={crumb}
        tag={<Tag tone={STAGE[a.status]}>{word('mark-application.status.', a.status)}</Tag>}
        lead={a.product}
        acts={[
          button('withdraw', 'default'),
          button('return', 'default'),
          button('take', 'filled'),
          button('appeal', 'filled'),
        ]}
      />
      <ProblemAlert error={run.error} />
      <div className="grid">
        <div className="stack w8">
          {may('update') ? (
            <ApplicationForm key={of.etag} opened={of} />
          ) : (
            <>
              <FormPanel application={a} />
              {a.status !== 'draft' && <FiledPanel id={a.id} />}
            </>
          )}
        </div>
        <div className="stack w4">
          <AnswerPanel application={a} />
          <ChecksPanel application={a} />
        </div>
      </div>
      {dialog === 'return' && <ReturnDialog of={of} onClose={() => setDialog(undefined)} />}
      {dialog === 'appeal' && <AppealDialog of={of} onClose={() => setDialog(undefined)} />}
    </>
  )
}

/** What the keeper asked for or decided, and where the examination stands. */
function AnswerPanel({ application: a }: { application: Application }) {
  const { t, word, day } = useI18n()
  const facts: [string, ReactNode][] = [
    [t('web.applications.number'), a.number],
    [t('web.applications.progress'), a.progress && word('mark-authorisation.status.', a.progress)],
    [t('web.special-marks.notice'), a.notice],
    [t('web.applications.decision'), a.decision],
    [t('web.applications.appeal'), a.appeal],
  ]
  if (a.status === 'draft' && facts.every(([, said]) => !said)) return null
  return (
    <Panel title={t('web.applications.examination')}>
      {a.status === 'returned' && (
        <>
          <p>
            <b>{t('web.applications.asked')}</b>
          </p>
          <ul className="list">
            {a.asked.map((one) => (
              <li key={one} dir="auto">
                {one}
              </li>
            ))}
          </ul>
          {a.completeUntil && (
            <p className="soft small">
              {t('web.applications.until')} {day(a.completeUntil)}
            </p>
          )}
        </>
      )}
      <FactList of={facts} />
      {a.status === 'refused' && a.appealUntil && (
        <p className="small">{t('web.applications.appeal-until', { Day: day(a.appealUntil) })}</p>
      )}
      {a.authorisationId && (
        <Link to="/mark-authorisations/$id" params={{ id: a.authorisationId }}>
          {t('web.applications.to-authorisation')}
        </Link>
      )}
    </Panel>
  )
}

function ChecksPanel({ application: a }: { application: Application }) {
  const { t, word } = useI18n()
  if (a.checks.length === 0) return null
  return (
    <Panel title={t('web.applications.checks')}>
      <ul className="list">
        {a.checks.map((c) => (
          <li key={c.check}>
            <span>{word('mark-application.check.', c.check)}</span>
            <span className="end">
              <Tag tone={VERDICT[c.verdict]}>{word('mark-application.verdict.', c.verdict)}</Tag>
            </span>
          </li>
        ))}
      </ul>
      <p className="soft small">{t('web.applications.checks-how')}</p>
    </Panel>
  )
}

function FormPanel({ application: { id, form: f, applicant, allowed } }: { application: Application }) {
  const { t, word, day, text } = useI18n()
  const [shown, setShown] = useState<Schema['ContactDetails']>()
  const facts: [string, ReactNode][] = [
    [t('web.applications.applicant'), text(applicant.names)],
    [t('web.special-marks.kind'), f.kind && word('mark-authorisation.kind.', f.kind)],
    [t('web.credit-code'), f.creditCode],
    [t('web.special-marks.township'), f.township],
    [t('web.special-marks.exports'), f.exports && t('web.yes')],
    [t('web.applications.contact'), f.contact],
    [t('web.applications.phone'), shown?.phone ?? f.phone],
    [t('web.applications.area'), f.area && t(`web.lots.${f.area.unit}`, { Area: f.area.value })],
    [t('web.applications.standard'), f.standard],
    [t('web.applications.inspected-on'), f.inspection && day(f.inspection.on)],
    [t('web.applications.passed'), f.inspection && t(f.inspection.passed ? 'web.yes' : 'web.no')],
    [t('web.applications.report'), f.inspection?.report],
    [t('web.applications.recommendation'), f.recommendation],
  ]
  return (
    <Panel
      title={t('web.applications.form')}
      aside={
        allowed.includes('reveal') &&
        !shown && <RevealButton reveal={(purpose) => revealContact(id, purpose)} onShown={setShown} />
      }
    >
      <FactList of={facts} />
    </Panel>
  )
}
