import { TextInput, type TextInputProps } from '@mantine/core'
import { readCreditCode } from './creditCode'
import { useI18n } from './i18n'

/** A unified social credit code, whose check symbol is checked while it is typed. */
export function CreditCodeField({ error, description, ...field }: TextInputProps) {
  const { t } = useI18n()
  const { state, missing } = readCreditCode(String(field.value ?? ''))
  const says = {
    empty: description,
    wrong: description,
    short: t('web.credit-code.short', { Count: missing }),
    right: t('web.credit-code.right'),
  }
  return (
    <TextInput
      w={260}
      maxLength={40}
      dir="ltr"
      autoCapitalize="characters"
      autoComplete="off"
      spellCheck={false}
      {...field}
      description={says[state]}
      error={error ?? (state === 'wrong' && t('web.credit-code.wrong'))}
    />
  )
}
