import { Modal, MultiSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { call, type Meeting } from './meetings'
import { changed, membersQuery } from './queries'

/** Calls the members: all of them to a general meeting, else those who are chosen. */
export function CallDialog({ meeting: m, onClose }: { meeting: Meeting; onClose: () => void }) {
  const { t } = useI18n()
  const [whom, setWhom] = useState<string[]>([])
  const [words, setWords] = useState('')
  const [known, setKnown] = useState<Record<string, string>>({})
  const named = m.kind !== 'general'
  const { data } = useQuery({ ...membersQuery({ q: words, status: 'admitted' }), enabled: named })
  const found = Object.fromEntries(
    (data?.items ?? []).map((x) => [x.id, [x.name, x.number].filter(Boolean).join(' · ')]),
  )
  const options = { ...known, ...found }
  const run = useMutation({
    mutationFn: () => call(m, whom),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('meeting.act.call')}>
      <form
        noValidate
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        {named ? (
          <MultiSelect
            searchable
            required
            label={t('web.meeting.call-whom')}
            data={Object.entries(options).map(([value, label]) => ({ value, label }))}
            value={whom}
            onChange={(chosen) => {
              setWhom(chosen)
              setKnown(Object.fromEntries(chosen.map((id) => [id, options[id] ?? id])))
            }}
            searchValue={words}
            onSearchChange={setWords}
          />
        ) : (
          <p>{t('web.meeting.call-note')}</p>
        )}
        <FormButtons submit={t('meeting.act.call')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
