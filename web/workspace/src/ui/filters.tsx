// The fields of a list's filter. What they say is kept in the address, so that a selection can be sent on, marked and left
// by the way back.
import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useI18n } from './i18n'

/** Says a change of the filter to the address: at once, or `later`, when whoever types has paused. What is empty goes. */
export function useSay<Search extends object>() {
  const navigate = useNavigate()
  const say = (change: Partial<Search>) =>
    void navigate({
      to: '.',
      search: (before: object) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)) as never,
      replace: true,
    })
  return { say, later: useDebouncedCallback(say, 300) }
}

type Field = { label: string; value: string | undefined; onSay: (value: string) => void }

export function SearchField({ label, value, onSay, description }: Field & { description?: ReactNode }) {
  return (
    <TextInput
      type="search"
      w={300}
      label={label}
      description={description}
      defaultValue={value ?? ''}
      leftSection={<IconSearch size={16} aria-hidden />}
      onChange={(e) => onSay(e.currentTarget.value)}
    />
  )
}

/** One of a few words, or all. */
export function ChoiceField<T extends string>(props: Field & { words: readonly T[]; name: (word: T) => string }) {
  const { label, value, onSay, words, name } = props
  const { t } = useI18n()
  return (
    <NativeSelect
      label={label}
      value={value ?? ''}
      onChange={(e) => onSay(e.currentTarget.value)}
      data={[{ value: '', label: t('web.list.all') }, ...words.map((word) => ({ value: word, label: name(word) }))]}
    />
  )
}

/** The two letters of an office or market (WIPO ST.3). Half a code says nothing yet. */
export function OfficeField({ label, value, onSay, placeholder }: Field & { placeholder: string }) {
  return (
    <TextInput
      w={110}
      label={label}
      placeholder={placeholder}
      maxLength={2}
      defaultValue={value ?? ''}
      onChange={(e) => {
        const code = e.currentTarget.value.toUpperCase()
        if (code === '' || /^[A-Z]{2}$/.test(code)) onSay(code)
      }}
    />
  )
}

export function DayField({ label, value, onSay }: Field) {
  return (
    <TextInput type="date" label={label} defaultValue={value ?? ''} onChange={(e) => onSay(e.currentTarget.value)} />
  )
}
