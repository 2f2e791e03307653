import { Button, Menu } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { LOCALES, type Locale, ownName, useI18n } from './i18n'

/** The switch of the shell; `onChoose` lets the session remember it. */
export function LanguageMenu({ onChoose }: { onChoose: (locale: Locale) => void }) {
  const { t, locale, choose } = useI18n()
  const pick = async (l: Locale) => {
    await choose(l)
    onChoose(l)
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="dark"
          px="xs"
          fw={400}
          leftSection={<IconLanguage size={18} stroke={1.6} aria-hidden />}
          aria-label={`${t('web.language')}: ${ownName(locale)}`}
        >
          <span className="hide-narrow">{ownName(locale)}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LOCALES.map((l) => (
          <Menu.Item key={l} lang={l} dir="auto" aria-current={l === locale || undefined} onClick={() => void pick(l)}>
            {ownName(l)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
