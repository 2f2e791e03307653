import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useI18n } from './i18n'

type Props<T> = {
  title: string
  rows: T[]
  add: () => void
  remove: (index: number) => void
  children: (row: T, index: number) => ReactNode
}

/** A list in a form: its rows, a button that removes each, and one that adds another. */
export function Rows<T>({ title, rows, add, remove, children }: Props<T>) {
  const { t, number } = useI18n()
  return (
    <fieldset className="fieldset stack">
      <legend>{title}</legend>
      {rows.map((row, i) => (
        <div
          key={i}
          style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', gap: 8, alignItems: 'start' }}
        >
          {children(row, i)}
          <ActionIcon
            mt={24}
            aria-label={t('web.form.remove', { Name: `${title} ${number(i + 1)}` })}
            onClick={() => remove(i)}
          >
            <IconTrash size={17} stroke={1.6} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          {t('web.form.add')}
        </Button>
      </div>
    </fieldset>
  )
}
