import { Modal, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Act, act, type Credential, changed } from './queries'

type Props = { credential: Credential; what: Act; onClose: () => void }

/** Asks once more before a credential is suspended, resumed or revoked, and for the reason that whoever holds it is told. */
export function ActDialog({ credential: c, what, onClose }: Props) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { reason: '' } })
  const run = useMutation({
    mutationFn: ({ reason }: typeof form.values) => act(c.id, what, reason),
    onSuccess: async () => {
      await changed()
      done(word('web.credential.done.', what))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('web.credential.act-title', { Act: word('credential.act.', what), Name: c.number })}
    >
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p>{word('web.credential.note.', what)}</p>
        <Textarea
          data-autofocus
          required
          autosize
          minRows={2}
          maxLength={1000}
          dir="auto"
          label={t('web.act.reason')}
          description={t('web.credential.reason-how')}
          {...form.getInputProps('reason')}
        />
        <FormButtons
          danger={what !== 'resume'}
          submit={word('credential.act.', what)}
          onCancel={onClose}
          busy={run.isPending}
        />
      </form>
    </Modal>
  )
}
