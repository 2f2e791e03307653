import { Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { changed } from './calls'
import { type Claim, pay } from './claims'

/** Enters what was paid for a claim, all of it or a part; each source pays what it promised, in their order. */
export function PayDialog({ of: c, onClose }: { of: Claim; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { amount: '', paidOn: today(), reference: '' } })
  const run = useMutation({
    mutationFn: ({ amount, paidOn, reference }: typeof form.values) =>
      pay(c, { amount: amount.trim(), paidOn, ...(reference.trim() && { reference }) }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.promotion.pay')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput
          data-autofocus
          required
          dir="ltr"
          inputMode="decimal"
          maxLength={16}
          label={`${t('web.promotion.amount')} (${c.currency})`}
          {...form.getInputProps('amount')}
        />
        <TextInput required type="date" label={t('web.promotion.paid-on')} {...form.getInputProps('paidOn')} />
        <TextInput maxLength={200} label={t('web.promotion.reference')} {...form.getInputProps('reference')} />
        <FormButtons submit={t('web.promotion.pay')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
