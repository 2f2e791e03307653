import { Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { type Act, changed, ENDS, perform, REASONED } from './queries'

/** The facts that belong to an act: its day, the decision, and why. */
export function ActDialog({ id, etag, act, onClose }: { id: string; etag: string; act: Act; onClose: () => void }) {
  const { t, word } = useI18n()
  const name = word('member.act.', act)
  const form = useForm({ initialValues: { on: today(), reference: '', reason: '', number: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) =>
      perform(id, etag, act, Object.fromEntries(Object.entries(v).filter(([, value]) => value !== ''))),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: name }))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={name}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput type="date" required label={t('web.members.on')} {...form.getInputProps('on')} />
        {act === 'admit' && (
          <TextInput
            label={t('web.members.number')}
            description={t('web.members.number-how')}
            maxLength={40}
            {...form.getInputProps('number')}
          />
        )}
        <TextInput label={t('web.members.reference')} maxLength={200} {...form.getInputProps('reference')} />
        <Textarea
          label={t('web.members.reason')}
          required={REASONED.includes(act)}
          autosize
          minRows={2}
          maxLength={2000}
          {...form.getInputProps('reason')}
        />
        <FormButtons submit={name} onCancel={onClose} busy={run.isPending} danger={ENDS.includes(act)} />
      </form>
    </Modal>
  )
}
