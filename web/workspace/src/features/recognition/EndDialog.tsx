import { Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { SourceRows } from '../../ui/Sources'
import { today } from '../../ui/today'
import { changed, end, type Recognition } from './queries'

/** Enters the first day on which a recognition no longer holds, with the reason and where that is written. */
export function EndDialog({ recognition: r, onClose }: { recognition: Recognition; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { endsOn: today(), reason: '', sources: [{ title: '', url: '', page: '' }] } })
  const run = useMutation({
    mutationFn: ({ sources, ...v }: typeof form.values) =>
      end(r.id, r.etag, {
        ...v,
        sources: sources.map((s) => ({
          title: s.title,
          ...(s.url && { url: s.url }),
          ...(s.page && { page: s.page }),
        })),
      }),
    onSuccess: async () => {
      await changed('recognitions')
      done(t('web.saved'))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.recognition.end-title', { Name: r.name })}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput
          required
          type="date"
          data-autofocus
          label={t('web.recognition.ends-on')}
          description={t('web.recognition.until-how')}
          {...form.getInputProps('endsOn')}
        />
        <Textarea
          required
          autosize
          minRows={2}
          dir="auto"
          label={t('web.act.reason')}
          {...form.getInputProps('reason')}
        />
        <SourceRows form={form} />
        <p className="soft small">{t('web.recognition.end-note')}</p>
        <FormButtons danger submit={t('web.recognition.end')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
