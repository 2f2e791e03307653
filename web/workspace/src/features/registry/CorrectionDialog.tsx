import { Checkbox, Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { changed, correct, type Event } from './queries'

/** A correction is a new event that names the one it corrects; nothing is overwritten. */
export function CorrectionDialog({ id, event, onClose }: { id: string; event: Event; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { effectiveOn: event.effectiveOn, void: false, reason: '' } })
  const run = useMutation({
    mutationFn: (values: typeof form.values) => correct(id, { eventId: event.id, ...values }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${word('registration.act.', 'correct')}: ${word('registration.act.', event.act)}`}
    >
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput type="date" required label={t('web.act.effective-on')} {...form.getInputProps('effectiveOn')} />
        <Checkbox label={t('web.correction.void')} {...form.getInputProps('void', { type: 'checkbox' })} />
        <Textarea required label={t('web.act.reason')} autosize minRows={2} {...form.getInputProps('reason')} />
        <FormButtons submit={word('registration.act.', 'correct')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
