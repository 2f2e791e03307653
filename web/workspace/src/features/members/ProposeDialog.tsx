import { Checkbox, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { propose } from './meetings'
import { changed } from './queries'

type Majority = Schema['MeetingMajority']
const share = (numerator: number, denominator: number, more: boolean) => ({ numerator, denominator, more })
/** The majorities that statutes ask for most often. The interface takes any share of any base. */
const MAJORITIES = {
  simple: { share: share(1, 2, true), base: 'for-and-against' },
  half: { share: share(1, 2, true), base: 'present' },
  thirds: { share: share(2, 3, false), base: 'present' },
  'all-thirds': { share: share(2, 3, false), base: 'voters' },
} satisfies Record<string, Majority>
type Name = keyof typeof MAJORITIES
const NAMES = Object.keys(MAJORITIES) as Name[]

/** Puts a motion to a meeting. */
export function ProposeDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { title: '', text: '', secret: false, majority: 'simple' as Name } })
  const run = useMutation({
    mutationFn: ({ text, majority, ...rest }: typeof form.values) =>
      propose(id, { ...rest, ...(text && { text }), majority: MAJORITIES[majority] }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.meeting.propose')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput
          required
          data-autofocus
          dir="auto"
          maxLength={300}
          label={t('web.meeting.motion')}
          {...form.getInputProps('title')}
        />
        <Textarea
          autosize
          minRows={2}
          maxLength={10000}
          label={t('web.meeting.text')}
          {...form.getInputProps('text')}
        />
        <NativeSelect
          label={t('web.meeting.majority')}
          data={NAMES.map((value) => ({ value, label: word('web.meeting.majority.', value) }))}
          {...form.getInputProps('majority')}
        />
        <Checkbox label={t('web.meeting.secret')} {...form.getInputProps('secret', { type: 'checkbox' })} />
        <FormButtons submit={t('web.meeting.propose')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
