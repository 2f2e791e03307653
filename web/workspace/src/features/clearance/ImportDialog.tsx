import { Checkbox, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { atFields } from '../../ui/atFields'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { UploadField } from '../../ui/UploadField'
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
        <TextInput
          required
          label={t('web.marks.list')}
          description={t('web.marks.list-how')}
          maxLength={100}
          list="mark-lists"
          {...form.getInputProps('list')}
        />
        <datalist id="mark-lists">
          {lists.map((l) => (
            <option key={l.id} value={l.name} />
          ))}
        </datalist>
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            required
            style={{ flex: '1 1 260px' }}
            label={t('web.marks.source')}
            description={t('web.marks.source-how')}
            maxLength={500}
            {...form.getInputProps('source')}
          />
          <TextInput required type="date" label={t('web.marks.taken')} {...form.getInputProps('takenOn')} />
        </div>
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
