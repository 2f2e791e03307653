import { Modal, MultiSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { appoint, candidatesQuery, changed, type Programme } from './calls'

/** Says who is on the committee: people of the house who may score, and who is on it already. */
export function CommitteeDialog({ of: p, onClose }: { of: Programme; onClose: () => void }) {
  const { t } = useI18n()
  const { data = [], error } = useQuery(candidatesQuery(p.id))
  const seated = p.committee ?? []
  const [chosen, setChosen] = useState(seated.map((m) => m.personId))
  const people = new Map([...seated, ...data].map((m) => [m.personId, m.name]))
  const run = useMutation({
    mutationFn: () => appoint(p, chosen),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.promotion.committee')}>
      <form
        noValidate
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={error ?? run.error} />
        <MultiSelect
          searchable
          data-autofocus
          label={t('web.promotion.members')}
          description={t('web.promotion.members-how')}
          data={[...people].map(([value, label]) => ({ value, label }))}
          value={chosen}
          onChange={setChosen}
        />
        <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
