import { describe, expect } from 'vitest'
import { LOCALES, look, narrow, shot, shrink, sound, URL_OF_SERVER, visit, words } from './browser'

/** What anybody may read: answers, keys and guides, the log's explorer and the pages for developers. None of them has a script. */
const PAGES = {
  front: '/',
  answer: '/status?name=五原向日葵&market=XA',
  'public-keys': '/keys',
  guide: '/guides/partner-office',
  log: '/log',
  'log-entry': '/log/entries/0',
  notices: '/notices',
  'mark-list': '/mark-users',
  'opposition-key': '/opposition',
  developers: '/developers',
  sandbox: '/developers/sandbox',
  'developers-start': '/developers/start',
  'developers-authentication': '/developers/authentication',
  'developers-writing': '/developers/writing',
  'developers-feed': '/developers/feed',
  'developers-webhooks': '/developers/webhooks',
  'developers-log': '/developers/log',
  'developers-formats': '/developers/formats',
  reference: '/api',
  'reference-search': '/api?q=publish+registration',
  'reference-tag': '/api?tag=registrations',
  'reference-operation': '/api?operation=draftRegistration',
  'reference-schema': '/api?schema=Registration',
  'reference-schemas': '/api?schema=',
  problems: '/problems',
}

describe.each(LOCALES)('public pages in %s', (locale) => {
  const say = words(locale)
  for (const [name, path] of Object.entries(PAGES)) {
    look(`${name}, ${locale}`, locale, undefined, async ({ page }) => {
      const answer = await page.goto(URL_OF_SERVER + path)
      expect(answer?.status(), path).toBe(200)
      expect(await page.locator('script').count()).toBe(0)
      // What is folded is read too.
      await page.evaluate(() => {
        for (const d of document.querySelectorAll('details')) d.open = true
      })
      if (locale !== 'zh-Hans') await sound(page, locale === 'en') // the same page from left to right, and from right to left
      await shot(page, `${name}-${locale}`)
      await shrink(page)
      await narrow(page)
      await shot(page, `${name}-${locale}-phone`)
    })
  }

  visit(`a question is asked and answered with its reasons, ${locale}`, locale, 'phone', async ({ page }) => {
    await page.goto(`${URL_OF_SERVER}/status`)
    await page.locator('main input[name=name]').fill('五原向日葵')
    await page.locator('main select[name=market]').selectOption('XA')
    await page.locator('main form button').first().click()
    await page.locator('section.verdict.yes .reasons li').first().waitFor()
    expect(await page.locator('section.verdict .tag.demo').first().textContent()).toBe(say('page.demo'))
    await narrow(page)
  })

  visit(`the log from its head to a proof, ${locale}`, locale, 'desk', async ({ page }) => {
    await page.goto(`${URL_OF_SERVER}/log`)
    const entries = page.locator('a[href^="/log/entries/"]')
    await entries.first().click()
    expect(await page.locator('h1').count()).toBe(1)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a[href$="/tlog-proof"]').first().click(),
    ])
    const { readFileSync } = await import('node:fs')
    expect(readFileSync((await download.path()) ?? '', 'utf8')).toMatch(/^c2sp\.org\/tlog-proof@v1\n/)
    const lost = await page.goto(`${URL_OF_SERVER}/log/entries/999999999`)
    expect(lost?.status()).toBe(404)
    await sound(page)
  })

  visit(`an operation is found by words, ${locale}`, locale, 'phone', async ({ page }) => {
    await page.goto(`${URL_OF_SERVER}/api`)
    await page.getByLabel(say('page.reference.search')).fill('webhook rotate')
    await page.getByRole('button', { name: say('page.reference.find') }).click()
    await page.locator('a[href="/api?operation=rotateWebhookSecret"]').click()
    expect(await page.locator('h1').textContent()).toBe('rotateWebhookSecret')
    expect(await page.locator('#answer-200').count()).toBe(1)
    await page.goto(`${URL_OF_SERVER}/api?q=no+such+xylophone`)
    await page.getByText(say('page.reference.found', { Count: '0' })).waitFor()
    await sound(page)
  })
})

visit('a sandbox is opened, and its credentials work', 'en', 'desk', async ({ page, context }) => {
  await page.goto(`${URL_OF_SERVER}/developers/sandbox`)
  await page.getByRole('button').click()
  const shown = (await page.locator('pre').first().textContent()) ?? ''
  const said = (name: string) => shown.match(new RegExp(`HELIANTHUS_${name}=(\\S+)`))?.[1] ?? ''
  await sound(page)
  await shot(page, 'sandbox-opened')
  await shrink(page)
  await narrow(page)
  await shot(page, 'sandbox-opened-phone')
  const token = await context.request.post(`${URL_OF_SERVER}/api/v1/token`, {
    form: { grant_type: 'client_credentials', client_id: said('CLIENT_ID'), client_secret: said('CLIENT_SECRET') },
  })
  const { access_token } = (await token.json()) as { access_token: string }
  const ask = async (path: string, headers: Record<string, string>) =>
    (await (await fetch(URL_OF_SERVER + path, { headers })).json()) as {
      answer?: string
      items?: { publisher: { slug: string } }[]
    }
  const question = '/api/v1/status?name=test+sunflower&market=XA&on=2026-01-01'
  expect((await ask(question, { Authorization: `Bearer ${access_token}` })).answer).toBe('yes')
  expect((await ask(question, {})).answer).toBe('unknown')
  const seen = await ask('/api/v1/publications', { Authorization: `Bearer ${access_token}` })
  expect(seen.items?.every((i) => i.publisher.slug.startsWith('test-'))).toBe(true)
})
