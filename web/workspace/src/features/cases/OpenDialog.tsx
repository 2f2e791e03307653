import { Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { beginning, begun, CaseFields } from './CaseFields'
import { changed, open } from './queries'

/** Opens the case of one name under one instrument. */
export function OpenDialog({ onClose }: { onClose: () => void }) {
  const { t, word } = useI18n()
  const navigate = useNavigate()
  const form = useForm({ initialValues: { name: '', language: 'zh-Hans', ...beginning() } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => open(begun(v)),
    onSuccess: async (made) => {
      await changed()
      void navigate({ to: '/cases/$id', params: { id: made.id } })
    },
    onError: atFields(form),
  })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.case.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput required label={t('web.case.name')} {...form.getInputProps('name')} />
        <TextInput required label={t('web.case.language')} {...form.getInputProps('language')} />
        <CaseFields instrumentId={form.values.instrumentId} field={(name) => form.getInputProps(name)} />
        <FormButtons submit={word('case.act.', 'open')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
