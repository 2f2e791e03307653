import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { I18nProvider, type Locale, loadCatalogue } from '../i18n'
import { Theme } from '../theme'

/** Shows something as the workspace would, in a language. */
export async function renderIn(locale: Locale, ui: ReactNode) {
  const catalogue = await loadCatalogue(locale)
  return render(
    <I18nProvider locale={locale} catalogue={catalogue}>
      <Theme>
        <QueryClientProvider client={new QueryClient()}>{ui}</QueryClientProvider>
      </Theme>
    </I18nProvider>,
  )
}
