import { Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { type Application, giveBack } from './applications'
import { changed } from './calls'

/** Gives an application back with a list of what is to be completed, and until when. */
export function ReturnDialog({ of: a, onClose }: { of: Application; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({
    initialValues: { asked: [''], until: '' },
    validate: { until: (v) => (v ? null : t('web.members.needed')) },
  })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => giveBack(a, v.asked, new Date(v.until).toISOString()),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened onClose={onClose} title={t('promotion-application.act.return')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <Rows
          title={t('web.promotion.asked-list')}
          rows={form.values.asked}
          add={() => form.insertListItem('asked', '')}
          remove={(i) => form.removeListItem('asked', i)}
        >
          {(_, i) => (
            <Textarea
              required
              autosize
              maxLength={1000}
              label={t('web.promotion.asked-item')}
              {...form.getInputProps(`asked.${i}`)}
            />
          )}
        </Rows>
        <TextInput
          required
          type="datetime-local"
          label={t('web.promotion.asked-until')}
          {...form.getInputProps('until')}
        />
        <FormButtons submit={t('promotion-application.act.return')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
