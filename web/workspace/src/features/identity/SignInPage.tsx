import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { api, body, type Schema } from '../../api/client'
import { Refusal } from '../../api/problem'
import { signedIn } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { isKept, isLocale, useI18n } from '../../ui/i18n'
import { LanguageSelect } from '../../ui/LanguageSelect'
import { Mark, SunflowerHead } from '../../ui/Logo'
import { ProblemAlert } from '../../ui/ProblemAlert'

const route = getRouteApi('/sign-in')

/** The door: the flower at one side, the form at the other. */
export function SignInPage() {
  const { t } = useI18n()
  return (
    <div className="sign-in">
      <aside className="sign-in-art" aria-label={t('web.name')}>
        <SunflowerHead />
        <p className="display">{t('web.sign-in.art')}</p>
      </aside>
      <main className="sign-in-form">
        <SignInForm />
      </main>
    </div>
  )
}

/** Signs in and goes to where people wanted to go. */
function useSignIn(refused: (e: unknown) => void) {
  const { locale, choose, setZone } = useI18n()
  const { next } = route.useSearch()
  const router = useRouter()
  return useMutation({
    mutationFn: ({ tenant, ...who }: Schema['SignIn']) =>
      body(api.POST('/api/v1/session', { body: tenant ? { ...who, tenant } : who })),
    onSuccess: async (session) => {
      setZone(session.tenant.timeZone)
      signedIn(session)
      // A language chosen on this device holds for the session too; else the session's is taken.
      if (isKept()) void api.PUT('/api/v1/session/locale', { body: { locale } })
      else if (isLocale(session.locale)) await choose(session.locale)
      // Only an address of our own: a link must not lead people who just signed in to somebody else's page.
      router.history.push(
        next?.startsWith('/') && !next.startsWith('//') ? `/app${next.replace(/^\/app(?=\/|$)/, '')}` : '/app/',
      )
    },
    onError: refused,
  })
}

function SignInForm() {
  const { t } = useI18n()
  const [many, setMany] = useState(false)
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '', tenant: '' } })
  const signIn = useSignIn((e) => {
    if (e instanceof Refusal && e.problem?.code === 'session.which-tenant') setMany(true)
    atFields(form)(e)
  })
  return (
    <form noValidate onSubmit={form.onSubmit((v) => signIn.mutate(v))}>
      <div className="row">
        <Mark size={30} />
        <span className="display" style={{ fontSize: 20 }}>
          {t('web.name')}
        </span>
        <span className="end">
          <LanguageSelect />
        </span>
      </div>
      <div>
        <h1>{t('web.sign-in')}</h1>
        <p className="soft">{t('web.sign-in.lead')}</p>
      </div>
      <ProblemAlert error={signIn.error} placed={Object.keys(form.errors)} />
      <TextInput
        autoComplete="username"
        inputMode="email"
        size="md"
        required
        label={t('web.sign-in.name')}
        key={form.key('email')}
        {...form.getInputProps('email')}
      />
      <PasswordInput
        autoComplete="current-password"
        size="md"
        required
        label={t('web.sign-in.password')}
        visibilityToggleButtonProps={{ 'aria-label': t('web.sign-in.show') }}
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
      {many && (
        <TextInput
          size="md"
          label={t('web.sign-in.tenant')}
          description={t('web.sign-in.tenant-why')}
          key={form.key('tenant')}
          {...form.getInputProps('tenant')}
        />
      )}
      <Button type="submit" size="md" loading={signIn.isPending}>
        {t('web.sign-in')}
      </Button>
      <p className="small">
        <a href="/">{t('web.sign-in.public')}</a>
      </p>
    </form>
  )
}
