import { MultiSelect, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useI18n } from '../../ui/i18n'
import { Rows } from '../../ui/Rows'
import { TextsField } from '../../ui/Texts'
import { COST_KINDS, SOURCES } from './calls'
import type { Values } from './content'

export type Form = UseFormReturnType<Values>

/** Whose money it is; each source once. */
export function BudgetRows({ form }: { form: Form }) {
  const { t, word } = useI18n()
  const free = SOURCES.find((s) => !form.values.budgets.some((b) => b.source === s)) ?? 'state'
  return (
    <>
      <TextInput
        required
        w={160}
        maxLength={3}
        dir="ltr"
        label={t('web.promotion.currency')}
        {...form.getInputProps('currency')}
      />
      <Rows
        title={t('web.promotion.budget')}
        rows={form.values.budgets}
        add={() => form.insertListItem('budgets', { source: free, amount: '' })}
        remove={(i) => form.removeListItem('budgets', i)}
      >
        {(_, i) => (
          <div className="row" style={{ alignItems: 'start' }}>
            <NativeSelect
              label={t('web.promotion.source')}
              data={SOURCES.map((value) => ({ value, label: word('promotion.source.', value) }))}
              {...form.getInputProps(`budgets.${i}.source`)}
            />
            <TextInput
              required
              dir="ltr"
              inputMode="decimal"
              maxLength={16}
              label={t('web.promotion.amount')}
              {...form.getInputProps(`budgets.${i}.amount`)}
            />
          </div>
        )}
      </Rows>
    </>
  )
}

/** How much of what is supported. */
export function RulesFields({ form, required }: { form: Form; required: boolean }) {
  const { t, word } = useI18n()
  return (
    <fieldset className="fieldset stack">
      <legend>{t('web.promotion.rules')}</legend>
      <div className="row" style={{ alignItems: 'start' }}>
        <NumberInput
          required={required}
          w={180}
          min={0.01}
          max={100}
          decimalScale={2}
          suffix="%"
          label={t('web.promotion.share')}
          {...form.getInputProps('rules.shareBp')}
        />
        <TextInput
          required={required}
          dir="ltr"
          inputMode="decimal"
          maxLength={16}
          label={t('web.promotion.ceiling')}
          {...form.getInputProps('rules.ceiling')}
        />
      </div>
      <MultiSelect
        required={required}
        label={t('web.promotion.eligible')}
        data={COST_KINDS.map((value) => ({ value, label: word('promotion.cost.', value) }))}
        {...form.getInputProps('rules.eligible')}
      />
    </fieldset>
  )
}

/** What the committee looks at, and how much each counts. */
export function CriterionRows({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.promotion.criteria')}
      rows={form.values.criteria}
      add={() => form.insertListItem('criteria', { code: '', names: {}, weight: 50 })}
      remove={(i) => form.removeListItem('criteria', i)}
    >
      {(c, i) => (
        <div className="stack tight">
          <TextsField
            label={t('web.promotion.criterion')}
            path={`criteria.${i}.names`}
            errors={form.errors}
            value={c.names}
            onChange={(v) => form.setFieldValue(`criteria.${i}.names`, v)}
          />
          <NumberInput
            required
            w={160}
            min={1}
            max={1000}
            label={t('web.promotion.weight')}
            {...form.getInputProps(`criteria.${i}.weight`)}
          />
        </div>
      )}
    </Rows>
  )
}

/** The documents that each application needs. */
export function DocumentRows({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.promotion.documents')}
      rows={form.values.documents}
      add={() => form.insertListItem('documents', { code: '', names: {} })}
      remove={(i) => form.removeListItem('documents', i)}
    >
      {(d, i) => (
        <TextsField
          label={t('web.promotion.document')}
          path={`documents.${i}.names`}
          errors={form.errors}
          value={d.names}
          onChange={(v) => form.setFieldValue(`documents.${i}.names`, v)}
        />
      )}
    </Rows>
  )
}
