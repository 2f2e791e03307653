import { Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { UploadField } from '../../ui/UploadField'
import { registerIncoming } from './letters'
import { type Case, changed } from './queries'

const LANGUAGES = ['zh-Hans', 'en', 'ar', 'fr', 'ru', 'es']

/** Registers a letter that came in on paper: its scan, its date and the day on which it came. */
export function IncomingDialog({ of: c, onClose }: { of: Case; onClose: () => void }) {
  const { t, language } = useI18n()
  const form = useForm({
    initialValues: {
      number: '',
      from: '',
      subject: '',
      language: 'en',
      on: c.today,
      receivedOn: c.today,
      documentId: '',
    },
  })
  const run = useMutation({
    mutationFn: ({ number, from, ...v }: typeof form.values) =>
      registerIncoming(c.id, { ...v, ...(number && { number }), ...(from && { from }) }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.letter.incoming')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <UploadField
          label={t('web.letter.scan')}
          wish={{ purpose: 'letter' }}
          onUploaded={(d) => form.setFieldValue('documentId', d.id)}
        />
        {form.errors.documentId && <p role="alert">{form.errors.documentId}</p>}
        <TextInput required label={t('web.letter.subject')} {...form.getInputProps('subject')} />
        <TextInput label={t('web.letter.from')} {...form.getInputProps('from')} />
        <TextInput label={t('web.letter.number')} {...form.getInputProps('number')} />
        <NativeSelect
          label={t('web.letter.language')}
          data={LANGUAGES.map((value) => ({ value, label: language(value) }))}
          {...form.getInputProps('language')}
        />
        <TextInput type="date" required label={t('web.letter.dated')} {...form.getInputProps('on')} />
        <TextInput type="date" required label={t('web.letter.received')} {...form.getInputProps('receivedOn')} />
        <FormButtons submit={t('web.letter.register')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
