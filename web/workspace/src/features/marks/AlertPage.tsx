import { Button, Modal, Skeleton, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Versioned } from '../../api/client'
import { Refusal } from '../../api/problem'
import { useRefusalAtFields } from '../../ui/atFields'
import { FactList } from '../../ui/FactList'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ACTS, type Act, type Alert, alertQuery, decide, STATUS } from './alerts'
import { Balance } from './Balance'
import { changed } from './queries'
import { BatchName, HolderName } from './Where'

const route = getRouteApi('/house/mark-alerts/$id')

/** An alert, how it was counted so that it can be counted again, and what an officer makes of it. */
export function AlertPage() {
  const { id } = route.useParams()
  const { t, word, day } = useI18n()
  const { data, error, refetch } = useQuery(alertQuery(id))
  const [act, setAct] = useState<Act>()
  const crumb = (
    <Link to="/mark-alerts" className="crumb">
      <Back>{t('web.mark-alerts.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.mark-alerts.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={320} radius={14} />
  const a = data.record
  return (
    <>
      <PageHead
        title={word('mark-alert.kind.', a.kind)}
        crumb={crumb}
        tag={<Tag tone={STATUS[a.status]}>{word('mark-alert.status.', a.status)}</Tag>}
        lead={day(a.day)}
        acts={ACTS.filter((one) => a.allowed.includes(one)).map((one) => (
          <Button key={one} variant={one === 'confirm' ? 'filled' : 'default'} onClick={() => setAct(one)}>
            {word('mark-alert.act.', one)}
          </Button>
        ))}
      />
      <div className="grid">
        <div className="stack w8">
          <EvidencePanel alert={a} />
        </div>
        <div className="stack w4">
          <DecisionPanel alert={a} />
        </div>
      </div>
      {act && <DecideDialog of={data} act={act} onClose={() => setAct(undefined)} />}
    </>
  )
}

function EvidencePanel({ alert: a }: { alert: Alert }) {
  const { t, number, market, instant } = useI18n()
  const e = a.evidence
  const why = useWhy()(a)
  const facts: [string, ReactNode][] = [
    [t('web.mark-alerts.batch'), a.batchId && <BatchName key="b" id={a.batchId} />],
    [t('web.special-marks.holder'), a.authorisationId && <HolderName key="h" id={a.authorisationId} />],
    [
      t('web.batches.numbers'),
      e.numbers.length > 0 && (
        <span key="n" className="row" style={{ gap: 8 }}>
          {e.numbers.map((n) => (
            <Link key={n} to="/mark-batches/$id" params={{ id: a.batchId ?? '' }} search={{ number: String(n) }}>
              {number(n)}
            </Link>
          ))}
          {e.codes > e.numbers.length && <span className="soft">…</span>}
        </span>
      ),
    ],
    ...(e.balance
      ? []
      : ([
          [t('web.scans.scans'), number(e.scans)],
          [t('web.scans.codes'), number(e.codes)],
          [t('web.scans.country'), e.countries.map(market).join(' · ') || t('web.scans.unknown')],
          [t('web.mark-alerts.first'), instant(e.firstAt)],
          [t('web.scans.last'), instant(e.lastAt)],
        ] as [string, ReactNode][])),
  ]
  return (
    <Panel title={t('web.mark-alerts.evidence')}>
      <p style={{ marginBlockEnd: 14 }}>{why}</p>
      <FactList of={facts} />
      {e.balance && (
        <div style={{ marginBlockStart: 16 }}>
          <Balance of={e.balance} />
        </div>
      )}
    </Panel>
  )
}

/** Why it was raised, with the limit that was passed. A far-apart alert tells minutes, or countries where no two were so near in time. */
function useWhy() {
  const { t } = useI18n()
  return ({ kind, evidence: e }: Alert) => {
    const values = { Minutes: e.minutes ?? 0, Limit: e.limit, Scans: e.scans, Count: e.countries.length }
    if (kind === 'far-apart') {
      const soon = e.minutes !== undefined && e.minutes <= e.limit
      return t(soon ? 'mark-alert.why.far-apart' : 'mark-alert.why.many-countries', values)
    }
    return t(`mark-alert.why.${kind}`, values)
  }
}

function DecisionPanel({ alert: a }: { alert: Alert }) {
  const { t, instant } = useI18n()
  return (
    <Panel title={t('web.mark-alerts.decision')}>
      {a.decidedAt ? (
        <>
          {a.reason && (
            <p className="quote" dir="auto">
              {a.reason}
            </p>
          )}
          <p className="soft small" style={{ marginBlockStart: 8 }}>
            {t('web.history.recorded', { Name: a.decidedName ?? '', When: instant(a.decidedAt) })}
          </p>
        </>
      ) : (
        <p className="soft">{t('web.mark-alerts.undecided')}</p>
      )}
      <p className="soft small" style={{ marginBlockStart: 12 }}>
        {t('web.mark-alerts.raised', { When: instant(a.raisedAt) })}
      </p>
    </Panel>
  )
}

function DecideDialog({ of, act, onClose }: { of: Versioned<Alert>; act: Act; onClose: () => void }) {
  const { t, word } = useI18n()
  const name = word('mark-alert.act.', act)
  const form = useForm({ initialValues: { reason: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => decide(of.record.id, of.etag, act, v.reason),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: name }))
      onClose()
    },
    onError: async (e) => {
      if (e instanceof Refusal && e.stale) await changed()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened onClose={onClose} title={name}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        {act === 'dismiss' && <p className="soft">{t('web.mark-alerts.dismiss-how')}</p>}
        <Textarea
          data-autofocus
          required
          autosize
          minRows={2}
          maxLength={1000}
          dir="auto"
          label={t('web.act.reason')}
          {...form.getInputProps('reason')}
        />
        <FormButtons submit={name} onCancel={onClose} busy={run.isPending} danger={act === 'confirm'} />
      </form>
    </Modal>
  )
}
