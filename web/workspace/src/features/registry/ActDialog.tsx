import { Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { type Act, changed, ENDS, perform } from './queries'

/** The facts that belong to an act: when it takes effect, what the office says of it, and why. */
export function ActDialog({ id, act, onClose }: { id: string; act: Act; onClose: () => void }) {
  const { t, word } = useI18n()
  const name = word('registration.act.', act)
  const form = useForm({
    initialValues: {
      effectiveOn: today(),
      receivedOn: '',
      nationalCode: '',
      nationalText: '',
      reason: '',
    },
  })
  const run = useMutation({
    mutationFn: ({ effectiveOn, ...rest }: typeof form.values) => {
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''))
      return perform(id, act, { effectiveOn, ...given })
    },
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
        <TextInput
          type="date"
          required
          label={t('web.act.effective-on')}
          description={t('web.act.effective-why')}
          {...form.getInputProps('effectiveOn')}
        />
        <TextInput type="date" label={t('web.act.received-on')} {...form.getInputProps('receivedOn')} />
        <TextInput label={t('web.act.national-code')} {...form.getInputProps('nationalCode')} />
        <TextInput label={t('web.act.national-text')} {...form.getInputProps('nationalText')} />
        <Textarea label={t('web.act.reason')} autosize minRows={2} {...form.getInputProps('reason')} />
        <FormButtons submit={name} onCancel={onClose} busy={run.isPending} danger={ENDS.includes(act)} />
      </form>
    </Modal>
  )
}
