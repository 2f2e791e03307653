import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onExpired, queryClient } from '../api/client'
import { forget, sessionQuery } from '../api/session'
import { firstLocale, I18nProvider, loadCatalogue, speak } from '../ui/i18n'
import { Theme } from '../ui/theme'
import { router } from './router'

onExpired(() => {
  if (router.state.location.pathname === '/sign-in') return
  const next = router.state.location.href
  forget()
  void router.navigate({ to: '/sign-in', search: { next } })
})

const locale = firstLocale()
speak(locale)
const catalogue = await loadCatalogue(locale)
const root = document.getElementById('root')
if (root) {
  const zone = queryClient.getQueryData(sessionQuery.queryKey)?.tenant.timeZone
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale={locale} catalogue={catalogue} zone={zone}>
        <Theme>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Theme>
      </I18nProvider>
    </StrictMode>,
  )
}
