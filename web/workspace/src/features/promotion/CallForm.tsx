import { Checkbox, NativeSelect, NumberInput, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { TextsField } from '../../ui/Texts'
import { BudgetRows, CriterionRows, DocumentRows, type Form, RulesFields } from './callRows'
import { type Call, KINDS } from './calls'
import { callOf, countriesIn, lacking, type Values } from './content'

type Props = {
  values: Values
  error: unknown
  saving: boolean
  onSave: (call: Call) => void
  onCancel: () => void
  /** It is another's: its money and criteria may be unknown, and nobody selects here. */
  mirrored?: boolean
  children?: ReactNode
}

/** Everything that a call says. */
export function CallForm({ values, error, saving, onSave, onCancel, mirrored = false, children }: Props) {
  const { t } = useI18n()
  const form: Form = useForm<Values>({
    initialValues: values,
    validate: (v) => {
      const errors: Record<string, string> = {}
      for (const path of lacking(v)) errors[path] = t('web.members.needed')
      const zone = v.window.zone.trim()
      if (zone !== 'UTC' && !Intl.supportedValuesOf('timeZone').includes(zone))
        errors['window.zone'] = t('web.meeting.zone-unknown')
      return errors
    },
  })
  useRefusalAtFields(form, error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => onSave(callOf(v)))}>
      <ProblemAlert error={error} placed={Object.keys(form.errors)} />
      {children}
      <Panel title={t('web.promotion.call')}>
        <div className="stack">
          <What form={form} />
          <When form={form} />
        </div>
      </Panel>
      <Panel title={t('web.promotion.money')}>
        <div className="stack">
          {mirrored && <p className="soft small">{t('web.promotion.mirror-money-how')}</p>}
          <BudgetRows form={form} />
          <RulesFields form={form} required={!mirrored} />
        </div>
      </Panel>
      <Panel title={t('web.promotion.selection')}>
        <div className="stack">
          <CriterionRows form={form} />
          <DocumentRows form={form} />
          {!mirrored && <SelectionFields form={form} />}
        </div>
      </Panel>
      <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
    </form>
  )
}

function SelectionFields({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <>
      <NumberInput
        w={260}
        min={0}
        max={365}
        label={t('web.promotion.objection-days')}
        {...form.getInputProps('objectionDays')}
      />
      <Checkbox
        label={t('web.promotion.blind')}
        description={t('web.promotion.blind-how')}
        {...form.getInputProps('blind', { type: 'checkbox' })}
      />
    </>
  )
}

function What({ form }: { form: Form }) {
  const { t, word, market } = useI18n()
  const countries = countriesIn(form.values.countries)
  return (
    <>
      <NativeSelect
        w={260}
        label={t('web.promotion.kind')}
        data={KINDS.map((value) => ({ value, label: word('promotion.kind.', value) }))}
        {...form.getInputProps('kind')}
      />
      <TextsField
        label={t('web.promotion.title')}
        path="titles"
        errors={form.errors}
        value={form.values.titles}
        onChange={(v) => form.setFieldValue('titles', v)}
      />
      <TextsField
        long
        label={t('web.promotion.text')}
        path="texts"
        errors={form.errors}
        value={form.values.texts}
        onChange={(v) => form.setFieldValue('texts', v)}
      />
      <TagsInput
        maxTags={10}
        label={t('web.promotion.topics')}
        description={t('web.promotion.topics-how')}
        {...form.getInputProps('topics')}
      />
      <TextInput
        dir="ltr"
        label={t('web.promotion.countries')}
        description={countries.length ? countries.map(market).join(' · ') : t('web.promotion.countries-how')}
        placeholder="DE, AE"
        {...form.getInputProps('countries')}
      />
      <NumberInput w={160} min={1} max={100_000} label={t('web.promotion.places')} {...form.getInputProps('places')} />
    </>
  )
}

function When({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <div className="row" style={{ alignItems: 'start' }}>
      <TextInput
        required
        type="datetime-local"
        step={1}
        label={t('web.promotion.opens')}
        {...form.getInputProps('window.opens')}
      />
      <TextInput
        required
        type="datetime-local"
        step={1}
        label={t('web.promotion.closes')}
        description={t('web.promotion.closes-how')}
        {...form.getInputProps('window.closes')}
      />
      <TextInput
        required
        dir="ltr"
        maxLength={50}
        label={t('web.promotion.zone')}
        {...form.getInputProps('window.zone')}
      />
    </div>
  )
}
