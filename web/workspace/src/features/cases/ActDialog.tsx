import { Modal, MultiSelect, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { documentsQuery } from './letters'
import { type Case, changed, ENDS, perform } from './queries'

type Values = {
  on: string
  effectiveOn: string
  receivedOn: string
  reference: string
  reason: string
  grounds: string[]
  documents: string // nobody fills it in: what is wrong with the paper is said there
  paperTitle: string
  paperKind: string
  paperLanguage: string
  paperHash: string
  list: string
  position: string
  limits: string
  period: string
  count: number | string
  about: number | string
}

/** What was filled in, in the API's form: what is empty was not said. */
function said(v: Values, c: Case): Schema['RecognitionCaseAct'] {
  const { on, effectiveOn, receivedOn, reference, reason, grounds, list, position, period } = v
  const texts = { effectiveOn, receivedOn, reference, reason, list, position, period }
  const unit = c.procedure.periods.find((p) => p.code === period)?.extends?.most.unit
  return {
    on,
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value)),
    ...(grounds.length > 0 && { grounds }),
    ...(v.limits && { limits: { [document.documentElement.lang]: v.limits } }),
    ...(unit && v.count && { length: { count: Number(v.count), unit } }),
    ...(v.about && { about: Number(v.about) }),
    ...(v.paperTitle && {
      documents: [
        {
          title: v.paperTitle,
          sha256: v.paperHash,
          ...(v.paperKind && { kind: v.paperKind }),
          ...(v.paperLanguage && { language: v.paperLanguage }),
        },
      ],
    }),
  }
}

/** The facts that come with an act. What is missing for this act and procedure, the server says at the field. */
export function ActDialog({ of: c, act, onClose }: { of: Case; act: string; onClose: () => void }) {
  const { t, word, text } = useI18n()
  const name = word('case.act.', act)
  const step = c.procedure.steps.find((s) => s.act === act)
  const required = step?.documents?.[0]
  const form = useForm<Values>({
    initialValues: {
      on: c.today,
      effectiveOn: '',
      receivedOn: '',
      reference: '',
      reason: '',
      grounds: [],
      documents: '',
      paperTitle: '',
      paperKind: required?.kind ?? '',
      paperLanguage: required?.languages?.[0] ?? '',
      paperHash: '',
      list: c.list,
      position: '',
      limits: '',
      period: c.deadlines.find((d) => d.state === 'open')?.code ?? '',
      count: '',
      about: '',
    },
  })
  const run = useMutation({
    mutationFn: (v: Values) => perform(c, act, said(v, c)),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: name }))
      onClose()
    },
    onError: atFields(form),
  })
  const shows = (...acts: string[]) => acts.includes(act)
  const grounds = c.procedure.grounds.filter((g) => g.of.includes(act === 'oppose' ? 'opposition' : 'refusal'))
  return (
    <Modal opened size="lg" onClose={onClose} title={name}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        {step?.titles && <p className="soft">{text(step.titles)}</p>}
        {shows('correct', 'annul') && (
          <NumberInput required min={1} label={t('web.case.about')} {...form.getInputProps('about')} />
        )}
        {shows('extend', 'waive') && (
          <NativeSelect
            label={t('web.case.deadline')}
            data={c.deadlines
              .filter((d) => d.state === 'open')
              .map((d) => ({ value: d.code, label: text(d.titles ?? {}) || d.code }))}
            {...form.getInputProps('period')}
          />
        )}
        {shows('extend') && <NumberInput min={1} label={t('web.case.by-how-much')} {...form.getInputProps('count')} />}
        <TextInput type="date" required label={t('web.case.on')} {...form.getInputProps('on')} />
        <TextInput
          type="date"
          label={t('web.act.effective-on')}
          description={t('web.act.effective-why')}
          {...form.getInputProps('effectiveOn')}
        />
        <TextInput type="date" label={t('web.act.received-on')} {...form.getInputProps('receivedOn')} />
        <TextInput label={t('web.case.reference')} {...form.getInputProps('reference')} />
        {shows('oppose', 'refuse', 'limit') &&
          (grounds.length > 0 ? (
            <MultiSelect
              label={t('web.case.grounds')}
              data={grounds.map((g) => ({ value: g.code, label: text(g.titles ?? {}) || g.code }))}
              {...form.getInputProps('grounds')}
            />
          ) : (
            <TextInput
              label={t('web.case.grounds')}
              value={form.values.grounds[0] ?? ''}
              onChange={(e) => form.setFieldValue('grounds', e.currentTarget.value ? [e.currentTarget.value] : [])}
              error={form.errors.grounds}
            />
          ))}
        {shows('limit') && <Textarea label={t('web.case.limits')} autosize {...form.getInputProps('limits')} />}
        {shows('enter', 'grant', 'limit', 'acquiesce') && (
          <TextInput label={t('web.case.position')} {...form.getInputProps('position')} />
        )}
        <Paper
          id={c.id}
          form={form}
          kinds={(step?.documents ?? []).map((d) => ({ value: d.kind, label: text(d.titles ?? {}) || d.kind }))}
        />
        <Textarea label={t('web.act.reason')} autosize minRows={2} {...form.getInputProps('reason')} />
        <FormButtons submit={name} onCancel={onClose} busy={run.isPending} danger={ENDS.includes(act)} />
      </form>
    </Modal>
  )
}

type PaperProps = {
  id: string
  form: ReturnType<typeof useForm<Values>>
  kinds: { value: string; label: string }[]
}

/** A document is named by its hash: one that lies in the case already, or a file whose hash the browser computes; the file itself stays where it is. */
function Paper({ id, form, kinds }: PaperProps) {
  const { t } = useI18n()
  const session = useSession()
  const { data } = useQuery({ ...documentsQuery(id), enabled: may(session, 'case-document:read') })
  const [chosen, setChosen] = useState('')
  const take = async (file: File | undefined) => {
    if (!file) return
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    const hash = [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('')
    form.setValues({ paperHash: hash, paperTitle: form.values.paperTitle || file.name })
  }
  const choose = (documentId: string) => {
    setChosen(documentId)
    const d = data?.items.find((one) => one.id === documentId)
    form.setValues({
      paperTitle: d?.title ?? '',
      paperHash: d?.sha256 ?? '',
      ...(d?.kind && kinds.some((k) => k.value === d.kind) && { paperKind: d.kind }),
      ...(d?.language && { paperLanguage: d.language }),
    })
  }
  return (
    <fieldset className="stack">
      <legend>{t('web.case.document')}</legend>
      {data && data.items.length > 0 && (
        <NativeSelect
          label={t('web.case.document-of-case')}
          value={chosen}
          onChange={(e) => choose(e.currentTarget.value)}
          error={chosen && form.errors.documents}
          data={[
            { value: '', label: t('web.case.document-new') },
            ...data.items.map((d) => ({ value: d.id, label: d.title })),
          ]}
        />
      )}
      {!chosen && (
        <TextInput
          type="file"
          label={t('web.case.document-file')}
          description={form.values.paperHash || t('web.case.document-why')}
          error={form.errors.documents}
          onChange={(e) => void take(e.currentTarget.files?.[0])}
        />
      )}
      <TextInput label={t('web.case.document-title')} {...form.getInputProps('paperTitle')} />
      {kinds.length > 0 && (
        <NativeSelect label={t('web.case.document-kind')} data={kinds} {...form.getInputProps('paperKind')} />
      )}
      <TextInput label={t('web.case.language')} {...form.getInputProps('paperLanguage')} />
    </fieldset>
  )
}
