import { NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationSelect } from '../../ui/RegistrationSelect'
import { today } from '../../ui/today'
import { UploadField } from '../../ui/UploadField'
import { HolderSelect } from './HolderSelect'
import { order } from './ledger'
import { changed } from './queries'

const route = getRouteApi('/house/mark-batches/new')
/** As many as the codes of one batch can number. */
const MOST = 16_777_216

/** Orders marks from a printer. */
export function OrderPage() {
  const { t } = useI18n()
  return (
    <>
      <PageHead
        title={t('web.batches.order')}
        lead={t('web.batches.order-lead')}
        crumb={
          <Link to="/mark-batches" className="crumb">
            <Back>{t('web.batches.nav')}</Back>
          </Link>
        }
      />
      <OrderForm />
    </>
  )
}

function OrderForm() {
  const { t } = useI18n()
  const session = useSession()
  const navigate = useNavigate()
  const { registration = '' } = route.useSearch()
  const [documentId, setDocumentId] = useState<string>()
  const form = useForm({
    initialValues: {
      registrationId: registration,
      authorisationId: '',
      design: '',
      printer: '',
      count: '' as number | '',
      orderedOn: today(),
      reference: '',
    },
    validate: {
      registrationId: (id) => (id ? null : t('web.special-marks.registration-needed')),
      count: (n) => (n === '' ? t('web.batches.count-needed') : null),
    },
  })
  const run = useMutation({
    mutationFn: ({ authorisationId, reference, count, ...v }: typeof form.values) =>
      order({
        ...v,
        count: Number(count),
        ...(authorisationId && { authorisationId }),
        ...(reference && { reference }),
        ...(documentId && { documentId }),
      }),
    onSuccess: async ({ id }) => {
      await changed()
      done(t('web.saved'))
      await navigate({ to: '/mark-batches/$id', params: { id } })
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Panel>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <RegistrationSelect
          label={t('web.special-marks.registration')}
          status="registered"
          value={form.values.registrationId}
          error={form.errors.registrationId}
          onChange={(id) => form.setValues({ registrationId: id, authorisationId: '' })}
        />
        <HolderSelect
          label={t('web.batches.for-holder')}
          description={t('web.batches.for-holder-how')}
          registrationId={form.values.registrationId}
          value={form.values.authorisationId}
          error={form.errors.authorisationId}
          onChange={(id) => form.setFieldValue('authorisationId', id)}
        />
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            required
            style={{ flex: '1 1 240px' }}
            maxLength={200}
            dir="auto"
            label={t('web.batches.design')}
            description={t('web.batches.design-how')}
            {...form.getInputProps('design')}
          />
          <TextInput
            required
            style={{ flex: '1 1 240px' }}
            maxLength={200}
            dir="auto"
            label={t('web.batches.printer')}
            description={t('web.batches.printer-how')}
            {...form.getInputProps('printer')}
          />
        </div>
        <div className="row" style={{ alignItems: 'start' }}>
          <NumberInput
            required
            w={200}
            min={1}
            max={MOST}
            allowDecimal={false}
            thousandSeparator=" "
            label={t('web.batches.count')}
            {...form.getInputProps('count')}
          />
          <TextInput required type="date" label={t('web.batches.ordered-on')} {...form.getInputProps('orderedOn')} />
          <TextInput maxLength={100} label={t('web.special-marks.reference')} {...form.getInputProps('reference')} />
        </div>
        {may(session, 'document:upload') && (
          <UploadField
            label={t('web.batches.image')}
            hint={t('web.batches.image-how')}
            wish={{ purpose: 'special-mark' }}
            onUploaded={(document) => setDocumentId(document.id)}
          />
        )}
        <FormButtons
          submit={t('web.batches.order')}
          busy={run.isPending}
          onCancel={() => void navigate({ to: '/mark-batches' })}
        />
      </form>
    </Panel>
  )
}
