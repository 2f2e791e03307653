import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useRefusalAtFields } from '../../ui/atFields'
import { CreditCodeField } from '../../ui/CreditCodeField'
import { FormButtons } from '../../ui/FormButtons'
import { type Texts, useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationSelect } from '../../ui/RegistrationSelect'
import { today } from '../../ui/today'
import { HolderFields, holderInput, holderOf } from './HolderFields'
import { usePapers } from './Papers'
import { apply, changed } from './queries'

const route = getRouteApi('/house/mark-authorisations/new')

/** An application for the special mark, as the producer handed it in. */
export function ApplyPage() {
  const { t } = useI18n()
  return (
    <>
      <PageHead
        title={t('web.special-marks.new')}
        lead={t('web.special-marks.new-lead')}
        crumb={
          <Link to="/mark-authorisations" className="crumb">
            <Back>{t('web.special-marks.nav')}</Back>
          </Link>
        }
      />
      <ApplyForm />
    </>
  )
}

function ApplyForm() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const { registration = '', code = '', name = '' } = route.useSearch()
  const papers = usePapers()
  // Without a registration and a code nothing can be sent: all that is missing is named at once. What is wrong with a name is for the server to say.
  const missing = (v: { registrationId: string; creditCode: string; names: Texts }) => ({
    ...(!v.registrationId && { registrationId: t('web.special-marks.registration-needed') }),
    ...(!v.creditCode.trim() && { creditCode: t('web.credit-code.needed') }),
    ...(!Object.values(v.names).some((name) => name.trim()) && { names: t('web.special-marks.name-needed') }),
  })
  const form = useForm({
    initialValues: {
      registrationId: registration,
      creditCode: code,
      ...holderOf(),
      names: { 'zh-Hans': name } as Record<string, string>,
      appliedOn: today(),
      reference: '',
    },
    validate: (v) => (v.registrationId && v.creditCode.trim() ? {} : missing(v)),
  })
  const run = useMutation({
    mutationFn: ({ registrationId, creditCode, appliedOn, reference, ...holder }: typeof form.values) =>
      apply({
        registrationId,
        creditCode,
        appliedOn,
        ...holderInput(holder),
        ...(reference && { reference }),
        ...papers.input,
      }),
    onSuccess: async ({ id }) => {
      await changed()
      done(t('web.saved'))
      await navigate({ to: '/mark-authorisations/$id', params: { id } })
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
          onChange={(id) => form.setFieldValue('registrationId', id)}
        />
        <CreditCodeField
          required
          label={t('web.credit-code')}
          description={t('web.credit-code.how')}
          {...form.getInputProps('creditCode')}
        />
        <HolderFields form={form} />
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            required
            type="date"
            label={t('web.special-marks.applied-on')}
            {...form.getInputProps('appliedOn')}
          />
          <TextInput maxLength={100} label={t('web.special-marks.reference')} {...form.getInputProps('reference')} />
        </div>
        {papers.field}
        <FormButtons
          submit={t('web.special-marks.apply')}
          busy={run.isPending}
          onCancel={() => void navigate({ to: '/mark-authorisations' })}
        />
      </form>
    </Panel>
  )
}
