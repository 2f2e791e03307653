import { Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Application, type Award, decide, OUTCOMES } from './applications'
import { changed } from './calls'

type Props = { of: Application; award?: Award; onClose: () => void }

/** What is decided on an application. Money that is awarded is promised at once. */
export function DecideDialog({ of: a, award, onClose }: Props) {
  const { t, word, money } = useI18n()
  const form = useForm({
    initialValues: {
      outcome: OUTCOMES.find((o) => o === award?.outcome) ?? ('awarded' as const),
      amount: award && award.outcome !== 'rejected' ? award.amount : a.support,
      reason: award?.reason ?? '',
    },
  })
  const run = useMutation({
    mutationFn: ({ outcome, amount, reason }: typeof form.values) =>
      decide({ applicationId: a.id, outcome, reason, ...(outcome !== 'rejected' && { amount: amount.trim() }) }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={a.form.name || a.number || t('web.promotion.decision')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <NativeSelect
          data-autofocus
          label={t('web.promotion.outcome')}
          data={OUTCOMES.map((value) => ({ value, label: word('promotion.outcome.', value) }))}
          {...form.getInputProps('outcome')}
        />
        {form.values.outcome !== 'rejected' && (
          <TextInput
            required
            dir="ltr"
            inputMode="decimal"
            maxLength={16}
            label={`${t('web.promotion.amount')} (${a.currency})`}
            description={t('web.promotion.at-most', { Most: money(a.support, a.currency) })}
            {...form.getInputProps('amount')}
          />
        )}
        <Textarea
          required
          autosize
          minRows={2}
          maxLength={2000}
          label={t('web.promotion.reason')}
          {...form.getInputProps('reason')}
        />
        <FormButtons submit={t('web.promotion.decide')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
