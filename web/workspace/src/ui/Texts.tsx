import { ActionIcon, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { directionOf, type Texts, useI18n } from './i18n'

/** Languages offered for texts in records; records may hold others. */
const OFFERED = ['zh-Hans', 'en', 'ar', 'mn-Mong', 'fr', 'ru', 'th', 'es', 'ko']

type Props = {
  label: string
  value: Texts
  onChange: (value: Texts) => void
  long?: boolean
  /** Errors by the path of the form; the text in English of `holder.names` is `holder.names.en`. */
  errors: Record<string, unknown>
  path: string
}

/** A text in several languages: one field a language, and a choice that adds another. */
export function TextsField({ label, value, onChange, long = false, errors, path }: Props) {
  const { t, language } = useI18n()
  const shown = Object.keys(value).length ? Object.keys(value) : ['zh-Hans']
  const free = OFFERED.filter((l) => !shown.includes(l))
  const remove = (l: string) => onChange(Object.fromEntries(Object.entries(value).filter(([k]) => k !== l)))
  const Field = long ? Textarea : TextInput
  return (
    <fieldset className="fieldset stack tight">
      <legend>{label}</legend>
      {shown.map((l) => (
        <Field
          key={l}
          label={language(l)}
          lang={l}
          dir={directionOf(l)}
          data-path={`${path}.${l}`}
          {...(long && { autosize: true, minRows: 2, maxRows: 14 })}
          value={value[l] ?? ''}
          error={errors[`${path}.${l}`] as string | undefined}
          onChange={(e: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
            onChange({ ...value, [l]: e.currentTarget.value })
          }
          rightSection={
            shown.length > 1 && (
              <ActionIcon size="sm" aria-label={t('web.form.remove', { Name: language(l) })} onClick={() => remove(l)}>
                <IconX size={14} aria-hidden />
              </ActionIcon>
            )
          }
        />
      ))}
      <NativeSelect
        w={220}
        size="xs"
        aria-label={t('web.form.add-language', { Name: label })}
        value=""
        onChange={(e) => e.currentTarget.value && onChange({ ...value, [e.currentTarget.value]: '' })}
        data={[
          { value: '', label: t('web.form.another-language') },
          ...free.map((l) => ({ value: l, label: language(l) })),
        ]}
      />
    </fieldset>
  )
}
