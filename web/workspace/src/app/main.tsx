import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onExpired, queryClient } from '../api/client'
import { forget, sessionInPage } from '../api/session'
import { firstLocale, I18nProvider, loadCatalogue, speak } from '../ui/i18n'
import { Theme } from '../ui/theme'
import { router } from './router'

onExpired(() => {
  const { pathname, href } = router.state.location
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { next: href } }).then(forget)
})

const session = sessionInPage()
const locale = firstLocale(Boolean(session))
speak(locale)
const whole = Boolean(session)
const catalogue = await loadCatalogue(locale, whole)
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale={locale} catalogue={catalogue} whole={whole} zone={session?.tenant.timeZone}>
        <Theme>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Theme>
      </I18nProvider>
    </StrictMode>,
  )
}
