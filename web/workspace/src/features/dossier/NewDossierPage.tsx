import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { place, Refusal } from '../../api/problem'
import { useI18n } from '../../ui/i18n'
import { PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { create, profilesQuery, registrationsToChoose } from './queries'

/** Which registration, for which market, by which profile; the profile brings languages and needs. */
export function NewDossierPage() {
  const { registration } = useSearch({ from: '/house/dossiers/new' })
  const navigate = useNavigate()
  const { t, text, market } = useI18n()
  const queries = useQueryClient()
  const registrations = useQuery(registrationsToChoose)
  const profiles = useQuery(profilesQuery)
  const form = useForm({ initialValues: { registrationId: registration ?? '', profile: '', market: '' } })
  const begin = useMutation({
    mutationFn: (v: typeof form.values) => create({ ...v, market: v.market.toUpperCase() }),
    onSuccess: async (d) => {
      await queries.invalidateQueries({ queryKey: ['dossiers'] })
      await navigate({ to: '/dossiers/$id', params: { id: d.id } })
    },
    onError: (e) => e instanceof Refusal && form.setErrors(place(e.problem, (p) => p in form.values).errors),
  })
  const chosen = profiles.data?.items.find((p) => p.id === form.values.profile)
  return (
    <form className="stack" onSubmit={form.onSubmit((v) => begin.mutate(v))}>
      <PageHead title={t('web.dossiers.new')} lead={t('web.dossiers.newLead')} />
      <ProblemAlert error={begin.error ?? registrations.error ?? profiles.error} placed={Object.keys(form.errors)} />
      <Panel>
        <div className="stack" style={{ maxInlineSize: 520 }}>
          <NativeSelect
            required
            label={t('web.dossier.registration')}
            data={[
              { value: '', label: '' },
              ...(registrations.data?.items ?? []).map((r) => ({
                value: r.id,
                label: [r.title, r.number].filter(Boolean).join(' · '),
              })),
            ]}
            {...form.getInputProps('registrationId')}
          />
          <NativeSelect
            required
            label={t('paper.profile')}
            data={[
              { value: '', label: '' },
              ...(profiles.data?.items ?? []).map((p) => ({ value: p.id, label: text(p.titles) })),
            ]}
            {...form.getInputProps('profile')}
            onChange={(e) => {
              const id = e.currentTarget.value
              form.setFieldValue('profile', id)
              form.setFieldValue('market', profiles.data?.items.find((p) => p.id === id)?.market ?? '')
            }}
          />
          <TextInput
            required
            maxLength={2}
            label={t('web.dossier.marketCode')}
            description={
              form.values.market ? market(form.values.market.toUpperCase()) : t('web.registration.officeHelp')
            }
            readOnly={Boolean(chosen?.market)}
            {...form.getInputProps('market')}
          />
          {chosen && (
            <p className="soft">
              {t('paper.source')}: {chosen.sources.map((s) => s.title).join('; ')}
            </p>
          )}
          <Button type="submit" loading={begin.isPending} style={{ justifySelf: 'start' }}>
            {t('web.dossiers.begin')}
          </Button>
        </div>
      </Panel>
    </form>
  )
}
