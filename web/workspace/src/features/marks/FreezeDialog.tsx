import { Modal, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Row } from './MonthsPanel'
import { Rate } from './Shares'
import { freeze, producersChanged } from './usage'

type Props = { row: Row; registrationId: string; onClose: () => void }

/** Keeps the figures of a month as they are reported; once more only with a reason. */
export function FreezeDialog({ row, registrationId, onClose }: Props) {
  const { t, month } = useI18n()
  const form = useForm({ initialValues: { reason: '' } })
  const run = useMutation({
    mutationFn: ({ reason }: typeof form.values) =>
      freeze({ registrationId, month: row.month, ...(reason.trim() && { reason }) }),
    onSuccess: async () => {
      await producersChanged()
      done(t('web.saved'))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened onClose={onClose} title={t('web.mark-usage.freeze-month', { Month: month(row.month) })}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p>{t('web.mark-usage.freeze-how')}</p>
        <dl className="facts">
          <dt>{t('web.mark-usage.all')}</dt>
          <dd>
            <Rate of={row.all} />
          </dd>
          <dt>{t('web.mark-usage.exporters')}</dt>
          <dd>
            <Rate of={row.exporters} />
          </dd>
        </dl>
        {row.figure && (
          <Textarea
            required
            autosize
            minRows={2}
            maxLength={1000}
            label={t('web.mark-usage.freeze-again')}
            {...form.getInputProps('reason')}
          />
        )}
        <FormButtons submit={t('web.mark-usage.freeze')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
