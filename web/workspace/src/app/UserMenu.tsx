import { Avatar, Button, Menu } from '@mantine/core'
import { IconCheck, IconLogout, IconSettings } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, body, queryClient } from '../api/client'
import { forget, may, type Session, sessionQuery } from '../api/session'
import { useI18n } from '../ui/i18n'
import { useRefused } from '../ui/ProblemAlert'

/** Who is signed in, for which unit they act, and the ways out. */
export function UserMenu({ session }: { session: Session }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const refused = useRefused()
  const leave = async () => {
    await navigate({ to: '/sign-in' })
    forget()
  }
  const out = useMutation({ mutationFn: () => body(api.DELETE('/api/v1/session')), onSuccess: leave, onError: refused })
  const everywhere = useMutation({
    mutationFn: () => body(api.DELETE('/api/v1/sessions')),
    onSuccess: leave,
    onError: refused,
  })
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button variant="subtle" color="dark" px="xs" fw={400} aria-label={t('web.user', { Name: session.name })}>
          <Avatar
            size={30}
            radius="xl"
            styles={{ placeholder: { background: 'var(--gold-100)', color: 'var(--gold-900)' } }}
          >
            {session.name[0]}
          </Avatar>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--ink-700)">
          <bdi>{session.name}</bdi>
          <br />
          <bdi>{session.email}</bdi>
        </Menu.Label>
        {session.units.length > 1 && <Units session={session} />}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSettings size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/settings' })}
        >
          {t('web.settings.nav')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => out.mutate()}>
          {t('web.sign-out')}
        </Menu.Item>
        {may(session, 'session:end') && (
          <Menu.Item onClick={() => everywhere.mutate()}>{t('web.sign-out.everywhere')}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The units that one may act for. */
function Units({ session }: { session: Session }) {
  const { t, text } = useI18n()
  const refused = useRefused()
  const act = useMutation({
    mutationFn: (unit: string) => body(api.PUT('/api/v1/session/unit', { body: { unit } })),
    onSuccess: (s) => {
      queryClient.setQueryData(sessionQuery.queryKey, s)
      void queryClient.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'session' })
    },
    onError: refused,
  })
  return (
    <>
      <Menu.Divider />
      <Menu.Label c="var(--ink-600)">{t('web.user.unit')}</Menu.Label>
      {session.units.map((u) => (
        <Menu.Item
          key={u.slug}
          role="menuitemradio"
          aria-checked={u.slug === session.unit}
          rightSection={u.slug === session.unit && <IconCheck size={16} aria-hidden />}
          onClick={() => act.mutate(u.slug)}
        >
          <bdi>{text(u.names)}</bdi>
        </Menu.Item>
      ))}
    </>
  )
}
