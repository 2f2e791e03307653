import { Modal, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'

type Props = {
  title: string
  note: string
  label: string
  danger?: boolean
  run: (text: string) => Promise<unknown>
  onClose: () => void
}

/** An act that is written down with what somebody says to it. */
export function ReasonDialog({ title, note, label, danger, run, onClose }: Props) {
  const { t } = useI18n()
  const form = useForm({
    initialValues: { text: '' },
    validate: { text: (v) => (v.trim() ? null : t('web.members.needed')) },
  })
  const act = useMutation({ mutationFn: (v: typeof form.values) => run(v.text), onSuccess: onClose })
  return (
    <Modal opened onClose={onClose} title={title}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => act.mutate(v))}>
        <ProblemAlert error={act.error} />
        <p>{note}</p>
        <Textarea
          data-autofocus
          required
          autosize
          minRows={2}
          maxLength={500}
          label={label}
          {...form.getInputProps('text')}
        />
        <FormButtons danger={danger} submit={title} onCancel={onClose} busy={act.isPending} />
      </form>
    </Modal>
  )
}
