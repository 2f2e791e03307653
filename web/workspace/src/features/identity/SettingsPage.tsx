import { Button, NativeSelect, PasswordInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { isLocale, LOCALES, ownName, useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { changed, changePassword, endSession, sessionsQuery } from './queries'
import { RemindersPanel } from './RemindersPanel'

/** One's own language, password and sessions, and who one works for. */
export function SettingsPage() {
  const { t } = useI18n()
  return (
    <>
      <PageHead title={t('web.settings.nav')} />
      <div className="grid">
        <div className="stack w6">
          <Language />
          <Password />
          <RemindersPanel />
        </div>
        <div className="stack w6">
          <Tenant />
          <Sessions />
        </div>
      </div>
    </>
  )
}

function Language() {
  const { t, locale, choose } = useI18n()
  const pick = async (value: string) => {
    if (!isLocale(value)) return
    await choose(value)
    await api.PUT('/api/v1/session/locale', { body: { locale: value } })
  }
  return (
    <Panel title={t('web.language')}>
      <NativeSelect
        w={240}
        aria-label={t('web.language')}
        value={locale}
        onChange={(e) => void pick(e.currentTarget.value)}
        data={LOCALES.map((value) => ({ value, label: ownName(value) }))}
      />
    </Panel>
  )
}

function Password() {
  const { t } = useI18n()
  const session = useSession()
  const form = useForm({ initialValues: { current: '', new: '' } })
  const run = useMutation({
    mutationFn: changePassword,
    onSuccess: async () => {
      form.reset()
      done(t('web.password.changed'))
      await changed('sessions')
    },
    onError: atFields(form),
  })
  if (!may(session, 'session:end')) return null
  const show = { 'aria-label': t('web.sign-in.show') }
  return (
    <Panel title={t('web.password.title')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <input type="text" autoComplete="username" value={session.email} readOnly hidden />
        <PasswordInput
          required
          autoComplete="current-password"
          label={t('web.password.current')}
          visibilityToggleButtonProps={show}
          {...form.getInputProps('current')}
        />
        <PasswordInput
          required
          autoComplete="new-password"
          label={t('web.password.new')}
          description={t('web.password.how')}
          visibilityToggleButtonProps={show}
          {...form.getInputProps('new')}
        />
        <div>
          <Button type="submit" loading={run.isPending}>
            {t('web.password.change')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

function Tenant() {
  const { t, text, word, instant } = useI18n()
  const { tenant, email, name, units, roles, expiresAt } = useSession()
  const facts = [
    [t('web.person.name'), name],
    [t('web.sign-in.name'), email],
    [t('web.tenant.name'), text(tenant.names)],
    [t('web.tenant.kind'), word('web.tenant.kind.', tenant.kind)],
    [t('web.person.units'), units.map((u) => text(u.names)).join(', ')],
    [t('web.person.roles'), roles.map((r) => word('role.', r)).join(', ')],
    [t('web.tenant.zone'), tenant.timeZone],
    [t('web.session.until'), instant(expiresAt)],
  ] as const
  return (
    <Panel title={t('web.tenant.title')}>
      <dl className="facts">
        {facts.map(([term, value]) => (
          <div key={term} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd>
              <bdi>{value || '—'}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Sessions() {
  const { t, instant } = useI18n()
  const refused = useRefused()
  const { data, error } = useQuery(sessionsQuery)
  const end = useMutation({ mutationFn: endSession, onSuccess: () => changed('sessions'), onError: refused })
  return (
    <Panel title={t('web.sessions.title')}>
      <ProblemAlert error={error} />
      <ul className="list">
        {data?.items.map((s) => (
          <li key={s.id}>
            <bdi style={{ flex: '1 1 60%' }}>{s.userAgent || '—'}</bdi>
            <span className="end">
              {s.current ? (
                <Tag tone="ok">{t('web.sessions.this')}</Tag>
              ) : (
                <Button size="compact-sm" variant="default" onClick={() => end.mutate(s.id)}>
                  {t('web.sessions.end')}
                </Button>
              )}
            </span>
            <span className="sub">{t('web.sessions.seen', { When: instant(s.lastSeenAt) })}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
