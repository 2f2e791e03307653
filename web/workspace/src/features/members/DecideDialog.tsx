import { Modal, NumberInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { CHOICES, decide, type Meeting, type Motion } from './meetings'
import { changed } from './queries'

/** Ends the vote on a motion. The counts of a secret vote are said, those of an open one are counted. */
export function DecideDialog({
  meeting: m,
  motion: o,
  onClose,
}: {
  meeting: Meeting
  motion: Motion
  onClose: () => void
}) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { for: 0, against: 0, abstain: 0 } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => decide(m.id, o.id, o.secret ? v : {}),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.meeting.decide')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} />
        <p>
          <b dir="auto">{o.title}</b>
        </p>
        {o.secret ? (
          CHOICES.map((choice) => (
            <NumberInput key={choice} min={0} label={word('meeting.choice.', choice)} {...form.getInputProps(choice)} />
          ))
        ) : (
          <p>{t('web.meeting.decide-note')}</p>
        )}
        <FormButtons submit={t('web.meeting.decide')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
