import { Modal, NumberInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { UploadField } from '../../ui/UploadField'
import { importMembers } from './queries'

/** The list that the association has. Its preview is that of all imports. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const [year, setYear] = useState(Number(today().slice(0, 4)) - 1)
  const run = useMutation({
    mutationFn: (documentId: string) => importMembers({ documentId, year }),
    onSuccess: ({ id }) => void navigate({ to: '/registrations/import', search: { id } }),
  })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.members.import')}>
      <div className="stack">
        <ProblemAlert error={run.error} />
        <NumberInput
          w={220}
          label={t('web.members.import-year')}
          min={1900}
          max={2200}
          value={year}
          onChange={(v) => setYear(Number(v))}
        />
        <UploadField
          label={t('web.import.file')}
          hint={t('web.members.import-how')}
          accept=".csv,.txt,.xlsx,.xls"
          wish={{ purpose: 'registration-import' }}
          onUploaded={(document) => run.mutate(document.id)}
        />
      </div>
    </Modal>
  )
}
