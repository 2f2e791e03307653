import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is needed: the browser tests run against a server that somebody started`)
  return value
}
// As many servers as workers: each worker has one of its own, whose people and records it shares with nobody.
const servers = setting('HELIANTHUS_URL').split(' ')
const mine = servers[Number(process.env.VITEST_POOL_ID ?? 1) - 1] ?? servers[0] ?? ''
export const URL_OF_SERVER = mine.replace(/\/$/, '')
const PASSWORD = setting('HELIANTHUS_DEMO_PASSWORD')
const OUTPUT = process.env.HELIANTHUS_OUTPUT ?? '../../test-output'
mkdirSync(join(OUTPUT, 'screenshots'), { recursive: true })

export const LOCALES = ['zh-Hans', 'en', 'ar'] as const
export type Locale = (typeof LOCALES)[number]
const SIZES = { desk: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } } as const
export type Size = keyof typeof SIZES

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let running: Promise<Browser> | undefined
const browser = () => {
  running ??= chromium.launch({
    executablePath: process.env.HELIANTHUS_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--font-render-hinting=none'],
  })
  return running
}
afterAll(async () => (await running)?.close())

export type Visit = { page: Page; context: BrowserContext; errors: string[] }

/** A page in a language and of a size. What the browser complains of is kept: a test with a complaint fails. */
async function open(locale: Locale, size: Size): Promise<Visit> {
  const context = await (await browser()).newContext({
    viewport: SIZES[size],
    hasTouch: size === 'phone',
    locale: locale === 'zh-Hans' ? 'zh-CN' : locale,
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
  })
  await context.addCookies([{ name: 'lang', value: locale, url: URL_OF_SERVER }])
  const page = await context.newPage()
  page.setDefaultTimeout(25_000) // less than a test has: what was waited for in vain is named
  const errors: string[] = []
  page.on('pageerror', (e) => errors.push(String(e)))
  page.on('console', (m) => {
    // A refused request is written to the console by the browser itself; tests of refusals look at the page instead.
    if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) errors.push(m.text())
  })
  return { page, context, errors }
}

/** A test in the browser, with its own context; it fails when the console had errors. */
export function visit(name: string, locale: Locale, size: Size, run: (v: Visit) => Promise<void>) {
  test(name, async () => {
    const v = await open(locale, size)
    try {
      await run(v)
      expect(v.errors).toEqual([])
    } catch (e) {
      await shot(v.page, `failed-${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}`)
      throw e
    } finally {
      await v.context.close()
    }
  })
}

const stay = new Map<string, Promise<Visit>>()

/** A test that only looks, with somebody who was signed in before, or nobody: whoever signs in for each page waits for nothing new. */
export function look(name: string, locale: Locale, who: string | undefined, run: (v: Visit) => Promise<void>) {
  test(name, async () => {
    const key = `${who} ${locale}`
    const first = stay.get(key) ?? open(locale, 'desk').then((v) => (who ? admit(v, who, locale).then(() => v) : v))
    stay.set(key, first)
    const v = await first
    v.errors.length = 0
    await v.page.setViewportSize(SIZES.desk)
    await run(v)
    expect(v.errors).toEqual([])
  })
}

/** The same page as on a phone, without a turn to the server. */
export const shrink = (page: Page) => page.setViewportSize(SIZES.phone)

export const goto = (page: Page, path: string) => page.goto(`${URL_OF_SERVER}/app${path}`)

/** Goes on as a link of the workspace does, which loads nothing anew; the heading that was there goes with its page. */
export async function follow(page: Page, path: string) {
  if (!page.url().startsWith(`${URL_OF_SERVER}/app`)) return goto(page, path)
  await page.evaluate((to) => {
    for (const h of document.querySelectorAll('h1')) h.setAttribute('data-left', '')
    window.history.pushState({}, '', to)
  }, `/app${path}`)
  await page.locator('h1:not([data-left])').first().waitFor()
}

/** Signs in through the API, what signing in looks like has tests of its own, and goes to a page. */
export async function signIn(v: Visit, email: string, locale: Locale, path = '/') {
  await admit(v, email, locale)
  await goto(v.page, path)
  await settled(v.page)
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>
const sessions = new Map<string, Promise<Cookies>>()

const HEADERS = { 'Content-Type': 'application/json', Origin: URL_OF_SERVER }

/** Somebody who was signed in before comes back in the same session. The language is the person's: it is chosen each time. */
async function admit(v: Visit, email: string, locale: Locale) {
  const before = sessions.get(email)
  if (!before) {
    const session = begin(v, email, locale)
    sessions.set(email, session)
    await session
    return
  }
  await v.context.addCookies(await before)
  await choose(v, locale)
}

const choose = async ({ context }: Visit, locale: Locale) => {
  await context.request.put(`${URL_OF_SERVER}/api/v1/session/locale`, { headers: HEADERS, data: { locale } })
  await context.addCookies([{ name: 'lang', value: locale, url: URL_OF_SERVER }])
}

/** Signs in to a session that no other test has, for a test that ends it. */
export async function begin(v: Visit, email: string, locale: Locale): Promise<Cookies> {
  const answer = await v.context.request.post(`${URL_OF_SERVER}/api/v1/session`, {
    headers: HEADERS,
    data: { email, password: PASSWORD },
  })
  expect(answer.status(), await answer.text()).toBe(200)
  await choose(v, locale)
  return v.context.cookies()
}

export const password = () => PASSWORD

/** Waits until nothing is on its way any more: no request, no skeleton, no table that is busy. */
export async function settled(page: Page) {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('.mantine-Skeleton-root, [aria-busy=true]'))
  await page.evaluate(() => document.fonts.ready)
}

/** What moves has come to its end. */
const still = (page: Page) =>
  page.evaluate(() => {
    for (const a of document.getAnimations())
      a.effect?.getComputedTiming().endTime === Infinity ? a.cancel() : a.finish()
  })

// One for each page, as long as it lives: with a session that ends, what another one set ends too, such as being without a network.
const sessionsOf = new WeakMap<Page, Promise<CDPSession>>()

/** A picture of the window, to be looked at: quick to write, and not small. */
export async function shot(page: Page, name: string) {
  await still(page)
  const session = sessionsOf.get(page) ?? page.context().newCDPSession(page)
  sessionsOf.set(page, session)
  const { data } = await (await session).send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true })
  writeFileSync(join(OUTPUT, 'screenshots', `${name}.png`), data, 'base64')
}

/**
 * No serious violation of WCAG 2.2 AA, and no sideways scroll. Colours are the slow half of it, and the same in every
 * language: who looks at a page in all of them needs them once.
 */
export async function sound(page: Page, colours = true) {
  await still(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe) // no script of the page: its policy says nothing of it
  const result = await page.evaluate(
    (enabled) =>
      (window as unknown as { axe: typeof import('axe-core') }).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { 'color-contrast': { enabled } },
        resultTypes: ['violations'], // what passed need not be described
      }) as Promise<AxeResults>,
    colours,
  )
  const serious = result.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
  expect(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
  await narrow(page)
}

/** Nothing of the page is wider than its window. */
export async function narrow(page: Page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wide).toBeLessThanOrEqual(0)
}

/** The catalogue of a language, to look for what the page should say. */
export function words(locale: Locale | 'fr'): (id: string, values?: Record<string, string>) => string {
  const file = new URL(`../../../i18n/${locale}.json`, import.meta.url)
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { other: string }>
  return (id, values = {}) => {
    const text = messages[id]?.other
    if (text === undefined) throw new Error(`${locale} has no message ${id}`)
    return text.replace(/{{\.(\w+)}}/g, (_, name: string) => values[name] ?? '')
  }
}
