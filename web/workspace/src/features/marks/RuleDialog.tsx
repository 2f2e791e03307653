import { Modal, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Versioned } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { producersChanged, type Rule, ruleQuery, updateRule } from './usage'

/** What the house asks of the users of its marks, and which law or plan says so. What is left empty is not asked. */
export function RuleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery(ruleQuery)
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.mark-rule.title')}>
      <ProblemAlert error={error} />
      {data && <RuleForm key={data.etag} of={data} onClose={onClose} />}
    </Modal>
  )
}

/** The numbers of a rule and the most that each may be. */
const NUMBERS = { targetPercent: 100, unusedMonths: 120, reportMonths: 60, contentG: 1_000_000_000 } as const
type Numbers = keyof typeof NUMBERS

function RuleForm({ of: { record: r, etag }, onClose }: { of: Versioned<Rule>; onClose: () => void }) {
  const { t, word, instant } = useI18n()
  const may = r.allowed.includes('update')
  const form = useForm({
    initialValues: {
      targetPercent: r.targetPercent ?? ('' as number | ''),
      unusedMonths: r.unusedMonths ?? ('' as number | ''),
      reportMonths: r.reportMonths ?? ('' as number | ''),
      contentG: r.contentG ?? ('' as number | ''),
      yieldKgPerMu: r.yieldKgPerMu ?? '',
      riskWeights: r.riskWeights,
      complaintDays: r.complaintDays.map(({ step, days }) => ({ step, days })),
      source: r.source,
    },
  })
  const run = useMutation({
    mutationFn: ({ source, ...said }: typeof form.values) =>
      updateRule(etag, { source, ...Object.fromEntries(Object.entries(said).filter(([, said]) => said !== '')) }),
    onSuccess: async () => {
      await producersChanged()
      done(t('web.saved'))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <p className="soft">{t('web.mark-rule.how')}</p>
      {(Object.keys(NUMBERS) as Numbers[]).map((name) => (
        <NumberInput
          key={name}
          w={320}
          min={1}
          max={NUMBERS[name]}
          allowDecimal={false}
          disabled={!may}
          label={t(`web.mark-rule.${name}`)}
          {...form.getInputProps(name)}
        />
      ))}
      <TextInput
        w={320}
        inputMode="decimal"
        disabled={!may}
        label={t('web.mark-rule.yieldKgPerMu')}
        {...form.getInputProps('yieldKgPerMu')}
      />
      <fieldset className="fieldset stack">
        <legend>{t('web.mark-rule.complaints')}</legend>
        <p className="soft small">{t('web.mark-rule.complaints-how')}</p>
        <div className="row" style={{ alignItems: 'end' }}>
          {form.values.complaintDays.map((k, i) => (
            <NumberInput
              key={k.step}
              w={210}
              min={1}
              max={365}
              allowDecimal={false}
              disabled={!may}
              label={word('mark-complaint.clock.', k.step)}
              {...form.getInputProps(`complaintDays.${i}.days`)}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className="fieldset stack">
        <legend>{t('web.mark-rule.risk')}</legend>
        <p className="soft small">{t('web.mark-rule.risk-how')}</p>
        <div className="row" style={{ alignItems: 'end' }}>
          {form.values.riskWeights.map((w, i) => (
            <NumberInput
              key={w.reason}
              w={210}
              min={-100}
              max={100}
              allowDecimal={false}
              disabled={!may}
              label={word('mark-risk.', w.reason)}
              {...form.getInputProps(`riskWeights.${i}.points`)}
            />
          ))}
        </div>
      </fieldset>
      <Textarea
        required
        autosize
        minRows={2}
        maxLength={500}
        disabled={!may}
        label={t('web.mark-rule.source')}
        description={t('web.mark-rule.source-how')}
        {...form.getInputProps('source')}
      />
      {r.updatedAt && (
        <p className="soft small">
          {t('web.history.recorded', { Name: r.updatedBy ?? '', When: instant(r.updatedAt) })}
        </p>
      )}
      {may && <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />}
    </form>
  )
}
