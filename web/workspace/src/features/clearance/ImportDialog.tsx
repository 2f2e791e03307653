import { Checkbox, Modal } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { atFields } from '../../ui/atFields'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { UploadField } from '../../ui/UploadField'
import { ListFields } from './ListFields'
import { importMarks, listsQuery } from './queries'

/** A file of marks: which list it becomes, and what it was taken from. Its preview is that of all imports. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const { data: lists = [] } = useQuery(listsQuery)
  const form = useForm({ initialValues: { list: '', source: '', takenOn: today(), replace: false } })
  const run = useMutation({
    mutationFn: (documentId: string) => importMarks({ documentId, ...form.getValues() }),
    onSuccess: ({ id }) => void navigate({ to: '/registrations/import', search: { id } }),
    onError: atFields(form),
  })
  const known = lists.find((l) => l.name === form.values.list.trim())
  const said = form.values.list.trim() !== '' && form.values.source.trim() !== '' && form.values.takenOn !== ''
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.marks.import')}>
      <div className="stack">
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <ListFields lists={lists} field={form.getInputProps} />
        {known && (
          <Checkbox
            label={t('web.marks.replace', { Count: known.marks })}
            description={t('web.marks.replace-why')}
            {...form.getInputProps('replace', { type: 'checkbox' })}
          />
        )}
        {said ? (
          <UploadField
            label={t('web.import.file')}
            hint={t('web.marks.file-how')}
            accept=".csv,.txt,.xlsx,.json"
            wish={{ purpose: 'registration-import' }}
            onUploaded={(document) => run.mutate(document.id)}
          />
        ) : (
          <p className="soft small">{t('web.marks.say-first')}</p>
        )}
      </div>
    </Modal>
  )
}
