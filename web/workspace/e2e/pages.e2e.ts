import { describe } from 'vitest'
import { follow, goto, LOCALES, look, narrow, settled, shot, shrink, sound, visit } from './browser'

/** Every page of the workspace, with somebody who may see it. */
const PAGES = [
  { name: 'home', path: '/', who: 'bureau@wuyuan.demo' },
  { name: 'registrations', path: '/registrations', who: 'bureau@wuyuan.demo' },
  { name: 'registration-new', path: '/registrations/new', who: 'bureau@wuyuan.demo' },
  { name: 'import', path: '/registrations/import', who: 'market@wuyuan.demo' },
  { name: 'recognitions', path: '/recognitions', who: 'examiner@alpha.demo' },
  { name: 'instruments', path: '/instruments', who: 'examiner@alpha.demo' },
  { name: 'status', path: '/status?name=五原向日葵&market=XA', who: 'bureau@wuyuan.demo' },
  { name: 'cases', path: '/cases', who: 'market@wuyuan.demo' },
  { name: 'waves', path: '/waves', who: 'examiner@alpha.demo' },
  { name: 'case-figures', path: '/case-statistics', who: 'examiner@alpha.demo' },
  { name: 'clearance', path: '/clearance', who: 'examiner@alpha.demo' },
  { name: 'clearance-new', path: '/clearance/new', who: 'examiner@alpha.demo' },
  { name: 'earlier-marks', path: '/earlier-marks', who: 'examiner@alpha.demo' },
  { name: 'mark-users', path: '/mark-authorisations', who: 'market@wuyuan.demo' },
  { name: 'mark-batches', path: '/mark-batches', who: 'market@wuyuan.demo' },
  { name: 'mark-moves', path: '/mark-moves', who: 'market@wuyuan.demo' },
  { name: 'mark-usage', path: '/mark-usage', who: 'market@wuyuan.demo' },
  { name: 'mark-producers', path: '/mark-producers', who: 'market@wuyuan.demo' },
  { name: 'mark-lots', path: '/mark-lots', who: 'market@wuyuan.demo' },
  { name: 'mark-applications', path: '/mark-applications', who: 'market@wuyuan.demo' },
  { name: 'mark-application-new', path: '/mark-applications/new', who: 'secretary@wuyuan-specialty.demo' },
  { name: 'mark-risks', path: '/mark-risks', who: 'market@wuyuan.demo' },
  { name: 'mark-visits', path: '/mark-visits', who: 'market@wuyuan.demo' },
  { name: 'mark-complaints', path: '/mark-complaints', who: 'market@wuyuan.demo' },
  { name: 'mark-alerts', path: '/mark-alerts', who: 'market@wuyuan.demo' },
  { name: 'mark-images', path: '/mark-images', who: 'market@wuyuan.demo' },
  { name: 'promotion', path: '/promotion-programmes', who: 'bureau@wuyuan.demo' },
  { name: 'promotion-new', path: '/promotion-programmes/new', who: 'bureau@wuyuan.demo' },
  { name: 'promotion-applications', path: '/promotion-applications', who: 'bureau@wuyuan.demo' },
  { name: 'promotion-claims', path: '/promotion-claims', who: 'bureau@wuyuan.demo' },
  { name: 'promotion-dashboard', path: '/promotion-dashboard', who: 'bureau@wuyuan.demo' },
  { name: 'promotion-platforms', path: '/promotion-platforms', who: 'bureau@wuyuan.demo' },
  { name: 'promotion-platform-new', path: '/promotion-platforms/new', who: 'bureau@wuyuan.demo' },
  { name: 'dossiers', path: '/dossiers', who: 'bureau@wuyuan.demo' },
  { name: 'dossier-new', path: '/dossiers/new', who: 'bureau@wuyuan.demo' },
  { name: 'documents', path: '/documents', who: 'bureau@wuyuan.demo' },
  { name: 'tasks', path: '/tasks', who: 'bureau@wuyuan.demo' },
  { name: 'people', path: '/people', who: 'admin@wuyuan.demo' },
  { name: 'roles', path: '/roles', who: 'admin@wuyuan.demo' },
  { name: 'api-clients', path: '/api-clients', who: 'admin@wuyuan.demo' },
  { name: 'keys', path: '/keys', who: 'admin@wuyuan.demo' },
  { name: 'audit', path: '/audit', who: 'auditor@wuyuan.demo' },
  { name: 'settings', path: '/settings', who: 'bureau@wuyuan.demo' },
  { name: 'publications', path: '/publications', who: 'market@wuyuan.demo' },
  { name: 'grants', path: '/grants', who: 'market@wuyuan.demo' },
  { name: 'receipts', path: '/receipts', who: 'market@wuyuan.demo' },
  { name: 'webhooks', path: '/webhooks', who: 'admin@wuyuan.demo' },
  { name: 'partners', path: '/partners', who: 'market@wuyuan.demo' },
  { name: 'received', path: '/received', who: 'market@wuyuan.demo' },
  { name: 'feed', path: '/feed', who: 'admin@wuyuan.demo' },
  { name: 'usage', path: '/usage', who: 'admin@wuyuan.demo' },
  { name: 'log', path: '/log', who: 'market@wuyuan.demo' },
  { name: 'lost', path: '/nowhere', who: 'bureau@wuyuan.demo' },
]

describe.each(LOCALES)('pages in %s', (locale) => {
  visit(`sign-in, ${locale}`, locale, 'desk', async ({ page }) => {
    await goto(page, '/')
    await settled(page)
    await sound(page)
    await shot(page, `sign-in-${locale}`)
  })
  for (const { name, path, who } of PAGES) {
    look(`${name}, ${locale}`, locale, who, async ({ page }) => {
      await follow(page, path)
      await settled(page)
      await shot(page, `${name}-${locale}`)
      // The same elements stand there in every language: axe looks once. English has longer words, Arabic another direction.
      await (locale === 'zh-Hans' ? sound(page) : narrow(page))
      await shrink(page)
      await narrow(page)
      if (locale !== 'en') await shot(page, `${name}-${locale}-phone`)
    })
  }
})
