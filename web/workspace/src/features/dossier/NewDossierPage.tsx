import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { atFields } from '../../ui/atFields'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationSelect } from '../../ui/RegistrationSelect'
import { changed, create, profilesQuery } from './queries'

const route = getRouteApi('/house/dossiers/new')
const LANGUAGES = ['zh-Hans', 'en', 'ar']

/** A dossier is begun for one registration, one market, and the profile that says what that market wants to see. */
export function NewDossierPage() {
  const { t } = useI18n()
  return (
    <>
      <PageHead
        title={t('web.dossier.new')}
        crumb={
          <Link to="/dossiers" className="crumb">
            <Back>{t('web.dossiers.nav')}</Back>
          </Link>
        }
      />
      <NewDossierForm />
    </>
  )
}

function useBegin(refused: (e: unknown) => void) {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: create,
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/dossiers/$id', params: { id } })
    },
    onError: refused,
  })
}

function NewDossierForm() {
  const { t, text, market, language } = useI18n()
  const { registration } = route.useSearch()
  const { data: profiles } = useQuery(profilesQuery)
  const form = useForm({
    initialValues: { registrationId: registration ?? '', profile: '', market: '', languages: LANGUAGES },
  })
  const profile = profiles?.items.find((p) => p.id === form.values.profile)
  const begin = useBegin(atFields(form))
  const choose = (id: string) => {
    const p = profiles?.items.find((x) => x.id === id)
    form.setValues({ profile: id, market: p?.market ?? '', languages: p?.languages ?? LANGUAGES })
  }
  return (
    <Panel>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => begin.mutate(v))}>
        <ProblemAlert error={begin.error} placed={Object.keys(form.errors)} />
        <RegistrationSelect
          label={t('web.dossier.registration')}
          value={form.values.registrationId}
          error={form.errors.registrationId}
          onChange={(id) => form.setFieldValue('registrationId', id)}
        />
        <NativeSelect
          required
          label={t('web.dossier.profile')}
          description={t('web.dossier.profile-why')}
          value={form.values.profile}
          error={form.errors.profile}
          onChange={(e) => choose(e.currentTarget.value)}
          data={[
            { value: '', label: t('web.choose') },
            ...(profiles?.items ?? []).map((p) => ({ value: p.id, label: text(p.titles) })),
          ]}
        />
        <p className="soft small">{profile?.sources.map((s) => s.title).join(' · ')}</p>
        <TextInput
          required
          w={220}
          maxLength={2}
          label={t('web.dossier.market')}
          description={form.values.market && market(form.values.market)}
          disabled={Boolean(profile?.market)}
          {...form.getInputProps('market')}
        />
        <Checkbox.Group label={t('web.dossier.languages')} {...form.getInputProps('languages')}>
          <div className="row" style={{ marginBlockStart: 6 }}>
            {[...new Set([...LANGUAGES, ...(profile?.languages ?? [])])].map((l) => (
              <Checkbox key={l} value={l} label={language(l)} />
            ))}
          </div>
        </Checkbox.Group>
        <div className="row">
          <Button className="end" type="submit" loading={begin.isPending}>
            {t('web.dossier.begin')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
