import { Modal, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { changed } from './calls'

type Props = {
  title: string
  note: string
  danger?: boolean
  run: (reason: string) => Promise<unknown>
  onClose: () => void
}

/** An act that is written down with its reason. */
export function ReasonDialog({ title, note, danger, run, onClose }: Props) {
  const { t } = useI18n()
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (v) => (v.trim() ? null : t('web.members.needed')) },
  })
  const act = useMutation({
    mutationFn: (v: typeof form.values) => run(v.reason),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={title}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => act.mutate(v))}>
        <ProblemAlert error={act.error} placed={Object.keys(form.errors)} />
        <p>{note}</p>
        <Textarea
          data-autofocus
          required
          autosize
          minRows={2}
          maxLength={2000}
          label={t('web.promotion.reason')}
          {...form.getInputProps('reason')}
        />
        <FormButtons danger={danger} submit={title} onCancel={onClose} busy={act.isPending} />
      </form>
    </Modal>
  )
}
