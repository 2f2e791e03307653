import { ActionIcon } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconMenu2, IconSearch } from '@tabler/icons-react'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { api } from '../api/client'
import { useSession } from '../api/session'
import { useI18n } from '../ui/i18n'
import { LanguageMenu } from '../ui/LanguageMenu'
import { Mark } from '../ui/Logo'
import { Notices } from './Notices'
import { placesFor } from './navigation'
import { Loading } from './states'
import { UserMenu } from './UserMenu'

const palette = () => import('./Palette')
const openPalette = () => void palette().then((m) => m.openPalette())
const Palette = lazy(() => palette().then((m) => ({ default: m.Palette })))

/** The house, once all its words are there: whoever came through the door has those of the door only. */
export function Shell() {
  const { whole, complete } = useI18n()
  const [failed, setFailed] = useState<unknown>()
  useEffect(() => {
    if (!whole) complete().catch(setFailed)
  }, [whole, complete])
  if (failed) throw failed
  return whole ? <House /> : <Loading />
}

/** The house around every page: side, top, and the page between. */
function House() {
  const { t, text, setZone } = useI18n()
  const session = useSession()
  const [open, { toggle, close }] = useDisclosure()
  useEffect(() => setZone(session.tenant.timeZone), [setZone, session.tenant.timeZone])
  // Also from within a field: nobody types these keys into one.
  useHotkeys(
    [
      ['mod+K', openPalette],
      ['Escape', close, { preventDefault: false }],
    ],
    [],
  )
  useFocusOnPage()
  // The session remembers the language for the next device; when it cannot, this device still does.
  const remember = (locale: string) => void api.PUT('/api/v1/session/locale', { body: { locale } })
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('web.skip')}
      </a>
      <Side open={open} onGo={close} />
      <button
        type="button"
        className="veil"
        data-open={open || undefined}
        aria-label={t('web.close')}
        onClick={close}
      />
      <div style={{ minInlineSize: 0 }}>
        <header className="top">
          <ActionIcon className="burger" onClick={toggle} aria-label={t('web.menu')} aria-expanded={open}>
            <IconMenu2 size={20} aria-hidden />
          </ActionIcon>
          <button
            type="button"
            className="find"
            aria-label={t('web.palette')}
            aria-keyshortcuts="Control+K"
            onClick={openPalette}
          >
            <IconSearch size={16} aria-hidden />
            <span className="hide-narrow">{t('web.palette')}</span>
            <kbd>Ctrl K</kbd>
          </button>
          <LanguageMenu onChoose={remember} />
          <Notices />
          <UserMenu session={session} />
        </header>
        {session.tenant.demo && <p className="demo-band">{t('web.demo', { Name: text(session.tenant.names) })}</p>}
        <main className="page" id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        <Palette />
      </Suspense>
    </div>
  )
}

function Side({ open, onGo }: { open: boolean; onGo: () => void }) {
  const { t, text } = useI18n()
  const session = useSession()
  const unit = session.units.find((u) => u.slug === session.unit)
  return (
    <aside className="side" aria-label={t('web.name')} data-open={open || undefined}>
      <Link to="/" className="brand" onClick={onGo}>
        <Mark size={32} />
        <span className="display">{t('web.name')}</span>
      </Link>
      <nav aria-label={t('web.nav.main')}>
        {placesFor(session).map((g, i) => (
          <div key={i}>
            {g.name && <h2>{t(g.name)}</h2>}
            {g.places.map(({ to, name, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                className="navlink"
                onClick={onGo}
                activeOptions={{ exact: to === '/', includeSearch: false }}
              >
                <Icon size={19} stroke={1.6} aria-hidden />
                {t(name)}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <div className="tenant">
        <bdi>{text(session.tenant.names)}</bdi>
        {unit && (
          <span>
            <bdi>{text(unit.names)}</bdi>
          </span>
        )}
      </div>
    </aside>
  )
}

/** A new page takes the focus, so that a screen reader says where it is and the keyboard goes on from there. */
function useFocusOnPage() {
  const { pathname } = useLocation()
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [pathname])
}
