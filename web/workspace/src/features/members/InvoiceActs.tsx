import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { PaperButton } from '../../ui/PaperButton'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { cancel, type Invoice, METHODS, type Method, pay } from './dues'
import { printInvoice } from './meetings'
import { changed } from './queries'
import { ReasonDialog } from './ReasonDialog'

/** What may be done with an invoice: enter money that came, or ask for it no more. */
export function InvoiceActs({ invoice: i }: { invoice: Invoice }) {
  const { t } = useI18n()
  const [dialog, setDialog] = useState<'pay' | 'cancel'>()
  const close = () => setDialog(undefined)
  return (
    <div className="row">
      {i.allowed.includes('pay') && (
        <Button size="compact-xs" variant="default" onClick={() => setDialog('pay')}>
          {t('web.dues.pay')}
        </Button>
      )}
      {i.allowed.includes('cancel') && (
        <Button size="compact-xs" variant="subtle" color="rose" onClick={() => setDialog('cancel')}>
          {t('web.dues.cancel')}
        </Button>
      )}
      {i.allowed.includes('print') && (
        <PaperButton
          key={i.etag}
          small
          print={(language) => printInvoice(i.id, language)}
          label={t('web.paper.make')}
        />
      )}
      {dialog === 'pay' && <PayDialog invoice={i} onClose={close} />}
      {dialog === 'cancel' && (
        <ReasonDialog
          danger
          title={t('web.dues.cancel')}
          note={t('web.dues.cancel-note')}
          label={t('web.members.reason')}
          run={async (reason) => {
            await cancel(i, reason)
            await changed()
          }}
          onClose={close}
        />
      )}
    </div>
  )
}

function PayDialog({ invoice: i, onClose }: { invoice: Invoice; onClose: () => void }) {
  const { t, word, money } = useI18n()
  const form = useForm({
    initialValues: { amount: i.open, paidOn: today(), method: 'bank' as Method, reference: '' },
  })
  const run = useMutation({
    mutationFn: ({ reference, ...rest }: typeof form.values) => pay(i, { ...rest, ...(reference && { reference }) }),
    onSuccess: async () => {
      await changed()
      done(t('web.dues.paid-done', { Number: i.number }))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.dues.pay')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p>
          <bdi>{i.memberName}</bdi> · <bdi className="mono">{i.number}</bdi> ·{' '}
          {t('web.dues.open-of', { Amount: money(i.open, i.currency) })}
        </p>
        <TextInput
          required
          data-autofocus
          inputMode="decimal"
          label={t('web.dues.amount-yuan')}
          maxLength={12}
          {...form.getInputProps('amount')}
        />
        <TextInput required type="date" label={t('web.dues.paid-on')} {...form.getInputProps('paidOn')} />
        <NativeSelect
          label={t('web.dues.method')}
          data={METHODS.map((value) => ({ value, label: word('dues.method.', value) }))}
          {...form.getInputProps('method')}
        />
        <TextInput label={t('web.dues.reference')} maxLength={200} {...form.getInputProps('reference')} />
        <FormButtons submit={t('web.dues.pay')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
