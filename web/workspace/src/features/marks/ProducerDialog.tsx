import { Checkbox, Modal, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { may, useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import { CreditCodeField } from '../../ui/CreditCodeField'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationSelect } from '../../ui/RegistrationSelect'
import { today } from '../../ui/today'
import { createProducer, type Producer, producerQuery, producersChanged, updateProducer } from './usage'

type Props = { id?: string; registrationId?: string; onClose: () => void }

/** A producer of the list: a new one, or what is kept of one. */
export function ProducerDialog({ id, registrationId, onClose }: Props) {
  const { t } = useI18n()
  const { data, error } = useQuery({ ...producerQuery(id ?? ''), gcTime: 0 })
  return (
    <Modal opened size="lg" onClose={onClose} title={data?.record.name ?? t('web.producers.new')}>
      <ProblemAlert error={error} />
      {id && !data && !error && <Skeleton h={280} />}
      {(!id || data) && (
        <ProducerForm key={data?.etag} opened={data} registrationId={registrationId} onClose={onClose} />
      )}
    </Modal>
  )
}

type FormProps = { opened?: { record: Producer; etag: string }; registrationId?: string; onClose: () => void }

function ProducerForm({ opened, registrationId = '', onClose }: FormProps) {
  const { t } = useI18n()
  const session = useSession()
  const p = opened?.record
  const mayWrite = p ? p.allowed.includes('update') : may(session, 'mark-producer:create')
  const form = useForm({
    initialValues: {
      registrationId: p?.registrationId ?? registrationId,
      creditCode: p?.creditCode ?? '',
      name: p?.name ?? '',
      township: p?.township ?? '',
      exports: p?.exports ?? false,
      listedOn: p?.listedOn ?? today(),
      endedOn: p?.endedOn ?? '',
      excluded: p?.excluded ?? '',
      source: p?.source ?? '',
    },
    validate: { registrationId: (of) => (of ? null : t('web.special-marks.registration-needed')) },
  })
  const run = useMutation({
    mutationFn: ({ registrationId, creditCode, endedOn, ...said }: typeof form.values) => {
      const facts = { ...said, ...(endedOn && { endedOn }) }
      return opened ? updateProducer(opened, facts) : createProducer({ registrationId, creditCode, ...facts })
    },
    onSuccess: async () => {
      await producersChanged()
      done(t('web.saved'))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      {!p && (
        <>
          <RegistrationSelect
            label={t('web.special-marks.registration')}
            value={form.values.registrationId}
            error={form.errors.registrationId}
            onChange={(of) => form.setFieldValue('registrationId', of)}
          />
          <CreditCodeField required label={t('web.credit-code')} {...form.getInputProps('creditCode')} />
        </>
      )}
      <TextInput required maxLength={300} dir="auto" label={t('web.producers.name')} {...form.getInputProps('name')} />
      <div className="row" style={{ alignItems: 'end' }}>
        <TextInput maxLength={100} label={t('web.special-marks.township')} {...form.getInputProps('township')} />
        <Checkbox
          mb={8}
          label={t('web.special-marks.exports-how')}
          {...form.getInputProps('exports', { type: 'checkbox' })}
        />
      </div>
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput required type="date" label={t('web.producers.listed-on')} {...form.getInputProps('listedOn')} />
        <TextInput type="date" label={t('web.producers.ended-on')} {...form.getInputProps('endedOn')} />
      </div>
      <TextInput
        maxLength={300}
        dir="auto"
        label={t('web.producers.excluded')}
        description={t('web.producers.excluded-how')}
        {...form.getInputProps('excluded')}
      />
      <TextInput
        required
        maxLength={300}
        dir="auto"
        label={t('web.producers.source')}
        {...form.getInputProps('source')}
      />
      {mayWrite && <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />}
    </form>
  )
}
