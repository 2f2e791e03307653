import { Button, Modal, NativeSelect, Skeleton, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Versioned } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { FactList } from '../../ui/FactList'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { usePapers } from './Papers'
import { changed } from './queries'
import { cancelVisit, OUTCOMES, type Outcome, recordVisit, type Visit, visitQuery } from './supervision'
import { HolderName } from './Where'

/** A visit: its plan, and what it found or why it was cancelled. */
export function VisitDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery({ ...visitQuery(id), gcTime: 0 })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.visits.one')}>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={240} />}
      {data && <Opened key={data.etag} of={data} onClose={onClose} />}
    </Modal>
  )
}

function Opened({ of, onClose }: { of: Versioned<Visit>; onClose: () => void }) {
  const { t } = useI18n()
  const [cancelling, setCancelling] = useState(false)
  const { allowed } = of.record
  return (
    <div className="stack">
      <Facts visit={of.record} />
      {allowed.includes('cancel') && !cancelling && (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => setCancelling(true)}>
            {t('web.visits.cancel')}
          </Button>
        </div>
      )}
      {cancelling ? (
        <CancelForm of={of} onClose={onClose} />
      ) : (
        allowed.includes('record') && <FoundForm of={of} onClose={onClose} />
      )}
    </div>
  )
}

function Facts({ visit: v }: { visit: Visit }) {
  const { t, word, day } = useI18n()
  const facts: [string, ReactNode][] = [
    [t('web.special-marks.holder'), <HolderName key="h" id={v.authorisationId} />],
    [t('web.visits.planned-on'), day(v.plannedOn)],
    [t('web.visits.visitor'), v.visitor],
    [t('web.act.reason'), v.reason],
    [t('web.special-marks.status'), word('mark-visit.status.', v.status)],
    [t('web.visits.outcome'), v.outcome && word('mark-visit.outcome.', v.outcome)],
    [t('web.visits.visited-on'), v.visitedOn && day(v.visitedOn)],
    [t('web.visits.findings'), v.findings],
    [
      t('web.special-marks.papers'),
      v.documents.length > 0 && (
        <span key="d" className="row">
          {v.documents.map((id, i) => (
            <Link key={id} to="/documents/$id" params={{ id }}>
              {t('web.special-marks.paper', { Number: i + 1 })}
            </Link>
          ))}
        </span>
      ),
    ],
  ]
  return <FactList of={facts} />
}

type FormProps = { of: Versioned<Visit>; onClose: () => void }

const after = (onClose: () => void, said: string) => async () => {
  await changed()
  done(said)
  onClose()
}

function FoundForm({ of, onClose }: FormProps) {
  const { t, word } = useI18n()
  const papers = usePapers()
  const form = useForm({ initialValues: { outcome: 'passed' as Outcome, visitedOn: today(), findings: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => recordVisit(of, { ...v, ...papers.input }),
    onSuccess: after(onClose, t('web.saved')),
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <div className="row" style={{ alignItems: 'start' }}>
        <NativeSelect
          label={t('web.visits.outcome')}
          data={OUTCOMES.map((value) => ({ value, label: word('mark-visit.outcome.', value) }))}
          {...form.getInputProps('outcome')}
        />
        <TextInput required type="date" label={t('web.visits.visited-on')} {...form.getInputProps('visitedOn')} />
      </div>
      <Textarea
        autosize
        minRows={3}
        maxLength={4000}
        dir="auto"
        label={t('web.visits.findings')}
        {...form.getInputProps('findings')}
      />
      {papers.field}
      <FormButtons submit={t('web.visits.record')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}

function CancelForm({ of, onClose }: FormProps) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { reason: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => cancelVisit(of, v.reason),
    onSuccess: after(onClose, t('web.saved')),
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <Textarea
        required
        autosize
        minRows={2}
        maxLength={1000}
        dir="auto"
        label={t('web.act.reason')}
        {...form.getInputProps('reason')}
      />
      <FormButtons danger submit={t('web.visits.cancel')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}
