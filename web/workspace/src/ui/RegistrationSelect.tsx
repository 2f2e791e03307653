import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api, body, type Schema } from '../api/client'
import { may, useSession } from '../api/session'
import { useI18n } from './i18n'

type Status = Schema['RegistrationStatus']

const choicesQuery = (q: string, status?: Status) =>
  queryOptions({
    queryKey: ['registrations', 'choices', q, status],
    queryFn: () =>
      body(api.GET('/api/v1/registrations', { params: { query: { ...(q && { q }), status, limit: 20 } } })),
  })
const chosenQuery = (id: string) =>
  queryOptions({
    queryKey: ['registrations', 'chosen', id],
    queryFn: () => body(api.GET('/api/v1/registrations/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  })

type Props = {
  label: string
  value: string
  error: ReactNode
  onChange: (id: string) => void
  /** Only registrations that stand there. */
  status?: Status
  /** It may be left empty, and emptied again. */
  optional?: boolean
}

/** Finds a registration by any of its names. */
export function RegistrationSelect({ label, value, error, onChange, status, optional = false }: Props) {
  const { t, word } = useI18n()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, 250)
  const { data: chosen } = useQuery(chosenQuery(value))
  const name = (r: { title: string; number?: string; status: string }) =>
    [r.title, r.number, word('registration.status.', r.status)].filter(Boolean).join(' · ')
  const { data } = useQuery(choicesQuery(chosen && typed.startsWith(chosen.title) ? '' : q, status))
  const choices = (data?.items ?? []).map((r) => ({ value: r.id, label: name(r) }))
  const here = chosen && !choices.some((c) => c.value === chosen.id) ? [{ value: chosen.id, label: chosen.title }] : []
  return (
    <Select
      required={!optional}
      clearable={optional}
      searchable
      label={label}
      placeholder={t('web.registrations.search-how')}
      nothingFoundMessage={t('web.list.nothing-found')}
      data={[...here, ...choices]}
      value={value || null}
      error={error}
      data-path="registrationId"
      onSearchChange={setTyped}
      filter={({ options }) => options} // the server finds names in any script
      onChange={(id) => (id || optional) && onChange(id ?? '')}
    />
  )
}

/** A registration of the house by its name, as a link for whoever may read it. */
export function RegistrationName({ id }: { id: string }) {
  const session = useSession()
  const readable = may(session, 'registration:read')
  const { data } = useQuery({ ...chosenQuery(id), enabled: readable })
  if (!readable) return <code>{id}</code>
  return (
    <Link to="/registrations/$id" params={{ id }}>
      <bdi>{data?.title ?? '…'}</bdi>
    </Link>
  )
}
