import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Versioned } from '../../api/client'
import { useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import { CreditCodeField } from '../../ui/CreditCodeField'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { ApplicationPapers } from './ApplicationPapers'
import { type Application, type Form, fillApplication, submitApplication } from './applications'
import { changed, KINDS, type Kind } from './queries'

export type Values = {
  kind: Kind
  creditCode: string
  names: Record<string, string>
  township: string
  exports: boolean
  contact: string
  phone: string
  area: { value: string; unit: 'mu' | 'hectare' }
  standard: string
  inspection: { on: string; passed: boolean; report: string }
  recommendation: string
  documents: string[]
}

export const valuesOf = (f: Form = {}): Values => ({
  kind: f.kind ?? 'certification-licensee',
  creditCode: f.creditCode ?? '',
  names: { 'zh-Hans': '', ...f.names },
  township: f.township ?? '',
  exports: f.exports ?? false,
  contact: f.contact ?? '',
  phone: f.phone ?? '',
  area: f.area ?? { value: '', unit: 'mu' },
  standard: f.standard ?? '',
  inspection: { on: '', passed: true, report: '', ...f.inspection },
  recommendation: f.recommendation ?? '',
  documents: f.documents ?? [],
})

/** What is sent of a form: what is empty is not, so that a draft is saved as far as it is filled. */
export function inputOf({ names, area, inspection, exports, documents, ...said }: Values): Form {
  const texts = Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ''))
  return {
    ...texts,
    exports,
    documents,
    names: Object.fromEntries(Object.entries(names).filter(([, name]) => name.trim() !== '')),
    ...(area.value && { area }),
    ...(inspection.on && { inspection }),
  }
}

/** The form of an application that can be filled: it is saved, and handed in. */
export function ApplicationForm({ opened }: { opened: Versioned<Application> }) {
  const { t, word } = useI18n()
  const form = useForm<Values>({ initialValues: valuesOf(opened.record.form) })
  const last = useRef(opened) // what was saved before handing it in was refused is where the next try goes on
  const run = useMutation({
    mutationFn: async ({ values, submit }: { values: Values; submit: boolean }) => {
      last.current = await fillApplication(last.current, inputOf(values))
      if (submit) await submitApplication(last.current)
    },
    onSuccess: async (_, { submit }) => {
      done(submit ? t('web.act.done', { Name: word('mark-application.act.', 'submit') }) : t('web.saved'))
      await changed()
    },
  })
  useRefusalAtFields(form, run.error)
  const send = (submit: boolean) => form.onSubmit((values) => run.mutate({ values, submit }))()
  return (
    <Panel title={t('web.applications.form')}>
      <form
        noValidate
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          send(true)
        }}
      >
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <FormFields form={form} />
        <div className="row" style={{ justifyContent: 'end' }}>
          <Button variant="default" loading={run.isPending && !run.variables?.submit} onClick={() => send(false)}>
            {t('web.applications.save')}
          </Button>
          <Button type="submit" loading={run.isPending && run.variables?.submit}>
            {word('mark-application.act.', 'submit')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

export function FormFields({ form }: { form: UseFormReturnType<Values> }) {
  const { t, word } = useI18n()
  const session = useSession()
  return (
    <>
      <TextInput
        required
        maxLength={300}
        dir="auto"
        label={t('web.applications.name')}
        {...form.getInputProps('names.zh-Hans')}
      />
      <CreditCodeField required label={t('web.credit-code')} {...form.getInputProps('creditCode')} />
      <NativeSelect
        label={t('web.special-marks.kind')}
        data={KINDS.map((value) => ({ value, label: word('mark-authorisation.kind.', value) }))}
        {...form.getInputProps('kind')}
      />
      <TextInput maxLength={100} label={t('web.special-marks.township')} {...form.getInputProps('township')} />
      <Checkbox label={t('web.special-marks.exports-how')} {...form.getInputProps('exports', { type: 'checkbox' })} />
      <TextInput required maxLength={100} label={t('web.applications.contact')} {...form.getInputProps('contact')} />
      <TextInput
        required
        type="tel"
        maxLength={40}
        label={t('web.applications.phone')}
        {...form.getInputProps('phone')}
      />
      <div className="row" style={{ alignItems: 'end' }}>
        <TextInput
          required
          w={160}
          inputMode="decimal"
          label={t('web.applications.area')}
          {...form.getInputProps('area.value')}
        />
        <NativeSelect
          label={t('web.lots.unit')}
          data={(['mu', 'hectare'] as const).map((value) => ({ value, label: t(`web.lots.unit-${value}`) }))}
          {...form.getInputProps('area.unit')}
        />
      </div>
      <TextInput
        required
        maxLength={300}
        dir="auto"
        label={t('web.applications.standard')}
        {...form.getInputProps('standard')}
      />
      <TextInput type="date" label={t('web.applications.inspected-on')} {...form.getInputProps('inspection.on')} />
      <Checkbox
        label={t('web.applications.passed')}
        {...form.getInputProps('inspection.passed', { type: 'checkbox' })}
      />
      <TextInput maxLength={100} label={t('web.applications.report')} {...form.getInputProps('inspection.report')} />
      {session.tenant.kind === 'association' && (
        <Textarea
          autosize
          minRows={2}
          maxLength={2000}
          dir="auto"
          label={t('web.applications.recommendation')}
          {...form.getInputProps('recommendation')}
        />
      )}
      <ApplicationPapers form={form} />
    </>
  )
}
