import { Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Audience, changed, ownPublicationQuery, publish } from './queries'

type Props = {
  noun: 'instruments' | 'recognitions'
  name: string
  id: string
  etag: string
  /** Whose parties may be the audience. */
  instrumentId?: string
  onClose: () => void
}

/** Shows the version that stands to others, first to those who see the version before. */
export function PublishDialog(props: Props) {
  const { data } = useQuery(ownPublicationQuery(props.id))
  return data ? <Publish {...props} before={data.items[0]?.audience} /> : null
}

function Publish({ noun, name, id, etag, instrumentId, before, onClose }: Props & { before?: Audience }) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { kind: before?.kind ?? 'public', tenant: before?.tenant ?? '' } })
  const run = useMutation({
    mutationFn: ({ kind, tenant }: typeof form.values) =>
      publish(noun, id, etag, {
        kind,
        ...(kind === 'tenant' && { tenant }),
        ...(kind === 'parties' && { instrumentId: before?.instrumentId ?? instrumentId }),
      }),
    onSuccess: async () => {
      await changed(noun)
      done(t('web.recognition.published'))
      onClose()
    },
  })
  const kinds: Audience['kind'][] = instrumentId ? ['public', 'parties', 'tenant'] : ['public', 'tenant']
  return (
    <Modal opened onClose={onClose} title={t('web.recognition.publish-title', { Name: name })}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} />
        <NativeSelect
          data-autofocus
          label={t('web.publication.audience')}
          data={kinds.map((value) => ({ value, label: word('audience.', value) }))}
          {...form.getInputProps('kind')}
        />
        {form.values.kind === 'tenant' && (
          <TextInput
            required
            dir="ltr"
            label={t('web.publication.tenant')}
            description={t('web.publication.tenant-hint')}
            {...form.getInputProps('tenant')}
          />
        )}
        <p className="soft small">{t('web.recognition.publish-note')}</p>
        <FormButtons submit={t('web.recognition.publish')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
