import { Modal, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'

type Props = {
  title: string
  note: string
  submit: string
  said: string // when it is done
  danger?: boolean
  run: (reason: string) => Promise<unknown>
  onClose: () => void
}

/** An act of which the other side is told the reason. */
export function ReasonDialog({ title, note, submit, said, danger, run, onClose }: Props) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { reason: '' } })
  const act = useMutation({
    mutationFn: (v: typeof form.values) => run(v.reason),
    onSuccess: () => {
      done(said)
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
          label={t('web.publication.reason')}
          {...form.getInputProps('reason')}
        />
        <FormButtons danger={danger} submit={submit} onCancel={onClose} busy={act.isPending} />
      </form>
    </Modal>
  )
}
