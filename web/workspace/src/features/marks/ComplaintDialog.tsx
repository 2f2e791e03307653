import { Button, Modal, Skeleton, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Versioned } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { FactList } from '../../ui/FactList'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { today } from '../../ui/today'
import { HolderSelect } from './HolderSelect'
import { usePapers } from './Papers'
import { changed } from './queries'
import { acceptComplaint, answerComplaint, type Complaint, complain, complaintQuery } from './supervision'
import { HolderName } from './Where'

type Props = { id?: string; authorisationId?: string; onClose: () => void }

/** A complaint about a user: a new one, or one with what came of it. */
export function ComplaintDialog({ id, authorisationId, onClose }: Props) {
  const { t } = useI18n()
  return (
    <Modal opened size="lg" onClose={onClose} title={t(id ? 'web.complaints.one' : 'web.complaints.new')}>
      {id ? <Opened id={id} onClose={onClose} /> : <NewForm authorisationId={authorisationId} onClose={onClose} />}
    </Modal>
  )
}

/** What follows when something was saved: lists are read anew, and the dialog closes. */
function useSaved(onClose: () => void) {
  const { t } = useI18n()
  return async () => {
    await changed()
    done(t('web.saved'))
    onClose()
  }
}

function NewForm({ authorisationId = '', onClose }: Omit<Props, 'id'>) {
  const { t } = useI18n()
  const papers = usePapers()
  const form = useForm({
    initialValues: { authorisationId, complainant: '', text: '', receivedOn: today() },
    validate: { authorisationId: (of) => (of ? null : t('web.lots.holder-needed')) },
  })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => complain({ ...v, ...papers.input }),
    onSuccess: useSaved(onClose),
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <HolderSelect
        required
        label={t('web.complaints.about')}
        value={form.values.authorisationId}
        error={form.errors.authorisationId}
        onChange={(id) => form.setFieldValue('authorisationId', id)}
      />
      <TextInput
        maxLength={300}
        dir="auto"
        label={t('web.complaints.complainant')}
        description={t('web.complaints.complainant-how')}
        {...form.getInputProps('complainant')}
      />
      <Textarea
        required
        autosize
        minRows={3}
        maxLength={4000}
        dir="auto"
        label={t('web.complaints.text')}
        {...form.getInputProps('text')}
      />
      <TextInput
        required
        w={200}
        type="date"
        label={t('web.complaints.received-on')}
        {...form.getInputProps('receivedOn')}
      />
      {papers.field}
      <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}

function Opened({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, word, day } = useI18n()
  const { data, error } = useQuery({ ...complaintQuery(id), gcTime: 0 })
  if (error) return <ProblemAlert error={error} />
  if (!data) return <Skeleton h={200} />
  const c = data.record
  const facts: [string, ReactNode][] = [
    [t('web.complaints.about'), <HolderName key="h" id={c.authorisationId} />],
    [t('web.complaints.received-on'), day(c.receivedOn)],
    [t('web.complaints.complainant'), c.complainant],
    [t('web.complaints.text'), c.text],
    [t('web.special-marks.status'), word('mark-complaint.status.', c.status)],
    [t('web.complaints.accepted-on'), c.acceptedOn && day(c.acceptedOn)],
    c.clock
      ? [word('mark-complaint.clock.', c.clock.step), <ClockText key="k" of={c.clock} />]
      : [t('web.complaints.due-on'), undefined],
    [t('web.complaints.answer'), c.answer],
  ]
  return (
    <div className="stack">
      <FactList of={facts} />
      {c.allowed.includes('accept') && <AcceptForm key={`${data.etag} accept`} of={data} onClose={onClose} />}
      {c.allowed.includes('dismiss') && <AnswerForm key={data.etag} of={data} onClose={onClose} />}
    </div>
  )
}

/** The last day that the law gives, and which article does. */
function ClockText({ of: k }: { of: NonNullable<Complaint['clock']> }) {
  const { t, day } = useI18n()
  return (
    <>
      <Tag tone={k.dueOn < today() ? 'bad' : 'info'}>{day(k.dueOn)}</Tag>{' '}
      <span className="soft small">
        {t('web.complaints.clock', { Days: k.days, Article: k.article })}
        {k.step === 'settle' && ` ${t('web.complaints.tests')}`}
        {!k.certain && ` ${t('web.complaints.uncertain')}`}
      </span>
    </>
  )
}

/** Accepting it says on which day the complainant was told. */
function AcceptForm({ of, onClose }: { of: Versioned<Complaint>; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { on: today() } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => acceptComplaint(of, v.on),
    onSuccess: useSaved(onClose),
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="row" style={{ alignItems: 'end' }} onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <TextInput required w={200} type="date" label={t('web.complaints.accepted-on')} {...form.getInputProps('on')} />
      <Button type="submit" variant="default" loading={run.isPending}>
        {word('mark-complaint.act.', 'accept')}
      </Button>
    </form>
  )
}

const ACTS = ['uphold', 'dismiss'] as const
type Act = (typeof ACTS)[number]

function AnswerForm({ of, onClose }: { of: Versioned<Complaint>; onClose: () => void }) {
  const { t, word } = useI18n()
  const [act, setAct] = useState<Act>('dismiss')
  const form = useForm({ initialValues: { answer: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => answerComplaint(of, act, v.answer),
    onSuccess: useSaved(onClose),
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <Textarea
        required
        autosize
        minRows={2}
        maxLength={4000}
        dir="auto"
        label={t('web.complaints.answer')}
        {...form.getInputProps('answer')}
      />
      <div className="row" style={{ justifyContent: 'end' }}>
        {ACTS.filter((one) => of.record.allowed.includes(one)).map((one) => (
          <Button
            key={one}
            type="submit"
            variant={one === 'uphold' ? 'filled' : 'default'}
            loading={run.isPending && act === one}
            onClick={() => setAct(one)}
          >
            {word('mark-complaint.act.', one)}
          </Button>
        ))}
      </div>
    </form>
  )
}
