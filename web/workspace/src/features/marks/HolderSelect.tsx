import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { authorisationQuery, holdersQuery } from './queries'

type Props = {
  /** Only holders of its mark; without one, of all. */
  registrationId?: string
  value: string
  error: ReactNode
  required?: boolean
  label: string
  description?: string
  onChange: (id: string) => void
}

/** Finds who may be issued marks of a registration, by name or credit code. */
export function HolderSelect({ registrationId, value, error, required, label, description, onChange }: Props) {
  const { t, text } = useI18n()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 250)
  const { data: chosen } = useQuery(authorisationQuery(value))
  const name = (a: { names: Record<string, string>; creditCode: string }) => `${text(a.names)} · ${a.creditCode}`
  const { data } = useQuery(holdersQuery(registrationId, chosen && name(chosen.record) === q ? '' : q))
  const choices = (data?.items ?? []).map((a) => ({ value: a.id, label: name(a) }))
  if (chosen && !choices.some((c) => c.value === value)) choices.unshift({ value, label: name(chosen.record) })
  return (
    <Select
      searchable
      clearable={!required}
      required={required}
      label={label}
      description={description}
      placeholder={t('web.special-marks.find')}
      nothingFoundMessage={t('web.list.nothing-found')}
      data={choices}
      value={value || null}
      error={error}
      data-path="authorisationId"
      onSearchChange={setTyped}
      filter={({ options }) => options} // the server finds names in any script
      onChange={(id) => onChange(id ?? '')}
      clearButtonProps={{ 'aria-label': t('web.special-marks.show-all') }}
    />
  )
}
