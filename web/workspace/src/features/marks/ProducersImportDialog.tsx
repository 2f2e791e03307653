import { Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationSelect } from '../../ui/RegistrationSelect'
import { today } from '../../ui/today'
import { UploadField } from '../../ui/UploadField'
import { importProducers } from './usage'

/** A list of producers as a file: of whose mark, which list it is, and from when who is new counts. Its preview is that of all imports. */
export function ProducersImportDialog({
  registrationId = '',
  onClose,
}: {
  registrationId?: string
  onClose: () => void
}) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const [documentId, setDocumentId] = useState('')
  const form = useForm({
    initialValues: { registrationId, source: '', listedOn: today() },
    validate: {
      registrationId: (of) => (of ? null : t('web.special-marks.registration-needed')),
      source: (said) => (said.trim() ? null : t('web.producers.source-needed')),
    },
  })
  const run = useMutation({
    mutationFn: (said: typeof form.values) => importProducers({ ...said, documentId }),
    onSuccess: ({ id }) => void navigate({ to: '/registrations/import', search: { id } }),
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.import.producers')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p className="soft">{t('web.import.producers-lead')}</p>
        <RegistrationSelect
          label={t('web.special-marks.registration')}
          value={form.values.registrationId}
          error={form.errors.registrationId}
          onChange={(of) => form.setFieldValue('registrationId', of)}
        />
        <TextInput
          required
          maxLength={300}
          dir="auto"
          label={t('web.producers.source')}
          description={t('web.producers.source-how')}
          {...form.getInputProps('source')}
        />
        <TextInput
          required
          w={200}
          type="date"
          label={t('web.producers.listed-on')}
          {...form.getInputProps('listedOn')}
        />
        <UploadField
          label={t('web.producers.file')}
          hint={t('web.producers.file-how')}
          accept=".csv,.txt,.xlsx"
          wish={{ purpose: 'registration-import' }}
          onUploaded={(document) => setDocumentId(document.id)}
        />
        <FormButtons
          submit={t('web.producers.preview')}
          onCancel={onClose}
          busy={run.isPending}
          disabled={documentId === ''}
        />
      </form>
    </Modal>
  )
}
