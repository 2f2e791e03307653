import { Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Versioned } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { type Application, appealApplication, returnApplication } from './applications'
import { changed } from './queries'

type Props = { of: Versioned<Application>; onClose: () => void }

/** Gives an application back with a list of what is missing. */
export function ReturnDialog({ of, onClose }: Props) {
  const { t, word } = useI18n()
  const name = word('mark-application.act.', 'return')
  const form = useForm({ initialValues: { asked: '', until: today() } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) =>
      returnApplication(
        of,
        v.asked.split('\n').filter((line) => line.trim() !== ''),
        v.until,
      ),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: name }))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened onClose={onClose} title={name}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <Textarea
          data-autofocus
          required
          autosize
          minRows={3}
          dir="auto"
          label={t('web.applications.asked')}
          description={t('web.applications.asked-how')}
          {...form.getInputProps('asked')}
        />
        <TextInput required w={200} type="date" label={t('web.applications.until')} {...form.getInputProps('until')} />
        <FormButtons submit={name} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

/** Appeals against a refusal. */
export function AppealDialog({ of, onClose }: Props) {
  const { t, word } = useI18n()
  const name = word('mark-application.act.', 'appeal')
  const form = useForm({ initialValues: { reason: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => appealApplication(of, v.reason),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: name }))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened onClose={onClose} title={name}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <Textarea
          data-autofocus
          required
          autosize
          minRows={3}
          maxLength={2000}
          dir="auto"
          label={t('web.act.reason')}
          {...form.getInputProps('reason')}
        />
        <FormButtons submit={name} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
