import { Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { HolderSelect } from './HolderSelect'
import { changed } from './queries'
import { planVisit } from './supervision'

/** Plans a visit to a user: when, who and why. */
export function PlanDialog({ authorisationId = '', onClose }: { authorisationId?: string; onClose: () => void }) {
  const { t } = useI18n()
  const session = useSession()
  const form = useForm({
    initialValues: { authorisationId, plannedOn: today(), visitor: session.name, reason: '' },
    validate: { authorisationId: (of) => (of ? null : t('web.lots.holder-needed')) },
  })
  const run = useMutation({
    mutationFn: planVisit,
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened onClose={onClose} title={t('web.visits.plan')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        {!authorisationId && (
          <HolderSelect
            required
            label={t('web.special-marks.holder')}
            value={form.values.authorisationId}
            error={form.errors.authorisationId}
            onChange={(id) => form.setFieldValue('authorisationId', id)}
          />
        )}
        <TextInput
          required
          w={200}
          type="date"
          label={t('web.visits.planned-on')}
          {...form.getInputProps('plannedOn')}
        />
        <TextInput
          required
          maxLength={200}
          dir="auto"
          label={t('web.visits.visitor')}
          {...form.getInputProps('visitor')}
        />
        <Textarea
          required
          autosize
          minRows={2}
          maxLength={1000}
          dir="auto"
          label={t('web.act.reason')}
          {...form.getInputProps('reason')}
        />
        <FormButtons submit={t('web.visits.plan')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
