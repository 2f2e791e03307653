import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight'
import { IconFileCertificate, IconPackageExport, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, body } from '../api/client'
import { may, useSession } from '../api/session'
import { useI18n } from '../ui/i18n'
import { placesFor } from './navigation'
import '../ui/palette.css'

export const openPalette = () => spotlight.open()

/** Goes anywhere by a few keys: pages, registrations and dossiers. */
export function Palette() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const session = useSession()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 250)
  const places: SpotlightActionData[] = placesFor(session)
    .flatMap((g) => g.places)
    .map(({ to, name, icon: Icon }) => ({
      id: to,
      label: t(name),
      leftSection: <Icon size={20} stroke={1.6} aria-hidden />,
      onClick: () => void navigate({ to }),
    }))
  const found = useFound(q)
  return (
    <Spotlight
      actions={[...places, ...found]}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null} // the shell listens, so that the keys work before this is here
      nothingFound={t('web.palette.nothing')}
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': t('web.palette') } }}
      styles={{ actionDescription: { color: 'inherit', opacity: 1 } }}
      overlayProps={{ backgroundOpacity: 0.35, color: '#10304a' }}
      searchProps={{
        leftSection: <IconSearch size={20} stroke={1.6} aria-hidden />,
        placeholder: t('web.palette'),
        'aria-label': t('web.palette'),
      }}
    />
  )
}

/** The records that the server finds, in whatever script they were asked for. */
function useFound(q: string): SpotlightActionData[] {
  const { t, word } = useI18n()
  const navigate = useNavigate()
  const session = useSession()
  const registrations = useQuery({
    queryKey: ['registrations', 'palette', q],
    queryFn: () => body(api.GET('/api/v1/registrations', { params: { query: { q, limit: 6 } } })),
    enabled: q !== '' && may(session, 'registration:read'),
  })
  const dossiers = useQuery({
    queryKey: ['dossiers', 'palette', q],
    queryFn: () => body(api.GET('/api/v1/dossiers', { params: { query: { q, limit: 4 } } })),
    enabled: q !== '' && may(session, 'dossier:read'),
  })
  return [
    ...(registrations.data?.items ?? []).map((r) => ({
      id: r.id,
      label: r.title,
      keywords: q, // lets the kit's own filter pass it
      description: [word('registration.status.', r.status), r.number].filter(Boolean).join(' · '),
      leftSection: <IconFileCertificate size={20} stroke={1.6} aria-hidden />,
      onClick: () => void navigate({ to: '/registrations/$id', params: { id: r.id } }),
    })),
    ...(dossiers.data?.items ?? []).map((d) => ({
      id: d.id,
      label: d.registrationName,
      keywords: q,
      description: [t('web.dossiers.nav'), d.number ?? word('dossier.status.', d.status)].join(' · '),
      leftSection: <IconPackageExport size={20} stroke={1.6} aria-hidden />,
      onClick: () => void navigate({ to: '/dossiers/$id', params: { id: d.id } }),
    })),
  ]
}
