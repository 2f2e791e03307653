import { Modal, MultiSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { changed } from './calls'
import { casesQuery, linkCases, type Result } from './claims'

/** Says which recognition cases opened the market of a report. */
export function CasesDialog({ of: r, onClose }: { of: Result; onClose: () => void }) {
  const { t, text, market } = useI18n()
  const { data = [], error } = useQuery(casesQuery)
  const [chosen, setChosen] = useState(r.cases.map((c) => c.id))
  const known = new Map(
    [
      ...r.cases.map((c) => ({ id: c.id, name: text(c.names), market: c.market })),
      ...data.map((c) => ({ id: c.id, name: c.name, market: c.market })),
    ].map((c) => [c.id, `${c.name} · ${market(c.market)}`]),
  )
  const run = useMutation({
    mutationFn: () => linkCases(r, chosen),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.promotion.link-cases')}>
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
          label={t('web.promotion.used-cases')}
          description={t('web.promotion.link-cases-how')}
          data={[...known].map(([value, label]) => ({ value, label }))}
          value={chosen}
          onChange={setChosen}
        />
        <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
