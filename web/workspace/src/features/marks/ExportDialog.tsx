import { Modal, NativeSelect, NumberInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { keep } from '../../api/download'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Batch, type Holding, printFile, rangesQuery } from './ledger'

const FORMS = ['csv', 'zpl', 'pdf'] as const

/** The file of codes that the printer gets. */
export function ExportDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery(rangesQuery(batch.id))
  const start = data?.all.find((h) => h.place.kind === 'ordered' || h.place.kind === 'printed')
  return (
    <Modal opened onClose={onClose} title={t('web.batches.print-file')}>
      <ProblemAlert error={error} />
      {data && <ExportForm batch={batch} start={start} onClose={onClose} />}
    </Modal>
  )
}

function ExportForm({ batch, start, onClose }: { batch: Batch; start?: Holding; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({
    initialValues: { format: 'csv', first: start?.first ?? 0, count: start?.count ?? batch.count },
  })
  const run = useMutation({
    mutationFn: ({ format, first, count }: typeof form.values) =>
      keep(printFile(batch.id, format, Number(first), Number(count)), `marks-${batch.code}-${first}.${format}`),
    onSuccess: onClose,
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <p className="soft small">{t('web.batches.print-file-how')}</p>
      <NativeSelect
        label={t('web.batches.format')}
        data={FORMS.map((value) => ({ value, label: word('web.batches.format.', value) }))}
        {...form.getInputProps('format')}
      />
      <div className="row" style={{ alignItems: 'start' }}>
        <NumberInput
          w={160}
          min={0}
          allowDecimal={false}
          label={t('web.batches.first')}
          {...form.getInputProps('first')}
        />
        <NumberInput
          w={160}
          min={1}
          allowDecimal={false}
          label={t('web.batches.how-many')}
          {...form.getInputProps('count')}
        />
      </div>
      <FormButtons submit={t('web.batches.take-file')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}
