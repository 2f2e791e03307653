import { NativeSelect } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { FormFields, inputOf, valuesOf } from './ApplicationForm'
import { beginApplication, productsQuery } from './applications'
import { changed } from './queries'

/** Begins an application: it is a draft until it is handed in. */
export function NewApplicationPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const products = useQuery(productsQuery)
  const form = useForm({ initialValues: { registrationId: '', ...valuesOf() } })
  const only = products.data?.length === 1 ? products.data[0]?.id : undefined
  const chosen = form.values.registrationId || only || ''
  const run = useMutation({
    mutationFn: ({ registrationId: _, ...values }: typeof form.values) => beginApplication(chosen, inputOf(values)),
    onSuccess: async (made) => {
      await changed()
      await navigate({ to: '/mark-applications/$id', params: { id: made.id } })
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <>
      <PageHead
        title={t('web.applications.new')}
        crumb={
          <Link to="/mark-applications" className="crumb">
            <Back>{t('web.applications.nav')}</Back>
          </Link>
        }
      />
      <Panel>
        <form
          noValidate
          className="stack"
          onSubmit={form.onSubmit((v) =>
            chosen ? run.mutate(v) : form.setFieldError('registrationId', t('web.applications.product-needed')),
          )}
        >
          <ProblemAlert error={products.error ?? run.error} placed={Object.keys(form.errors)} />
          <NativeSelect
            required
            label={t('web.applications.product')}
            data={[{ value: '', label: '' }, ...(products.data ?? []).map((p) => ({ value: p.id, label: p.name }))]}
            {...form.getInputProps('registrationId')}
            value={chosen}
          />
          <FormFields form={form as never} />
          <FormButtons submit={t('web.applications.save')} busy={run.isPending} />
        </form>
      </Panel>
    </>
  )
}
