import { NativeSelect } from '@mantine/core'
import { isLocale, LOCALES, ownName, useI18n } from './i18n'

/** The plain switch of the sign-in page: it needs no code of menus. */
export function LanguageSelect() {
  const { t, locale, choose } = useI18n()
  return (
    <NativeSelect
      w={130}
      aria-label={t('web.language')}
      value={locale}
      onChange={(e) => isLocale(e.currentTarget.value) && void choose(e.currentTarget.value)}
      data={LOCALES.map((value) => ({ value, label: ownName(value) }))}
    />
  )
}
