import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { LOCALES, shot, signIn, sound, URL_OF_SERVER, type Visit, visit, words } from './browser'

// A package is built for one of them, and axe looks at each outcome.
vi.setConfig({ testTimeout: 240_000 })

const headers = { Origin: URL_OF_SERVER }
const base64url = (text: string) => Buffer.from(text).toString('base64url')

type Credential = { id: string; token: string; link: string }

/** Credentials of the demonstration's registration: one that holds, one on hold, one revoked, and what is made of them. */
async function files({ context }: Visit) {
  const list = await context.request.get(`${URL_OF_SERVER}/api/v1/credentials?kind=registration&limit=200`)
  const { items } = (await list.json()) as { items: { recordId: string; title: string }[] }
  const recordId = items.find((c) => c.title === '五原向日葵')?.recordId
  const issue = async (): Promise<Credential> => {
    const data = { kind: 'registration', recordId, languages: ['en'] }
    const answer = await context.request.post(`${URL_OF_SERVER}/api/v1/credentials`, { headers, data })
    expect(answer.status(), await answer.text()).toBe(201)
    return answer.json()
  }
  const act = async (c: Credential, name: string) => {
    const path = `${URL_OF_SERVER}/api/v1/credentials/${c.id}/${name}`
    const answer = await context.request.post(path, { headers, data: { reason: `to see ${randomUUID()}` } })
    expect(answer.status(), await answer.text()).toBe(200)
    return c
  }
  const valid = await issue()
  const suspended = await act(await issue(), 'suspend')
  const withdrawn = await act(await issue(), 'revoke')
  const [head = '', claims = '', signature = ''] = valid.token.split('.')
  const elsewhere = (part: string) =>
    base64url(
      Buffer.from(part, 'base64url')
        .toString()
        .replaceAll(/did:web:[^":#]+/g, 'did:web:elsewhere.example'),
    )
  return {
    link: valid.link,
    valid: valid.token,
    suspended: suspended.token,
    withdrawn: withdrawn.token,
    'unknown-issuer': [elsewhere(head), elsewhere(claims), signature].join('.'),
    altered: `${valid.token.slice(0, -4)}AAAA`,
  }
}

const OUTCOMES = ['valid', 'withdrawn', 'suspended', 'unknown-issuer', 'altered'] as const

async function choose(page: Page, name: string, content: string) {
  await page.locator('#file').setInputFiles({ name, mimeType: 'application/vc+jwt', buffer: Buffer.from(content) })
}

for (const locale of LOCALES) {
  const t = words(locale)
  visit(`the page checks without a network once it was loaded, ${locale}`, locale, 'phone', async (v) => {
    const { page, context } = v
    await signIn(v, 'market@wuyuan.demo', locale)
    const all = await files(v)
    await page.goto(`${URL_OF_SERVER}/verify`)
    await page.locator('#kept').waitFor({ timeout: 60_000 })
    await page.getByText(t('page.verify.kept-how')).waitFor()
    await sound(page, locale === 'zh-Hans')

    await context.setOffline(true)
    await page.goto(`${URL_OF_SERVER}/verify`)
    await page.locator('#kept').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(locale)
    for (const outcome of OUTCOMES) {
      await choose(page, `${outcome}.jwt`, all[outcome])
      const verdict = page.locator(`[data-verdict=credential-${outcome}]`)
      await verdict.waitFor()
      expect(await verdict.locator('h2').textContent()).toBe(t(`verify.credential.${outcome}`))
      // Which facts it went by, and how old they are.
      expect(await page.locator('[data-fact=issuersAt]').textContent()).not.toBe('')
      const known = ['valid', 'withdrawn', 'suspended'].includes(outcome)
      expect((await page.locator('#credential [data-fact=asOf]').textContent()) !== '').toBe(known)
      expect(await page.locator('#no-status').isVisible()).toBe(known)
      await sound(page, locale === 'zh-Hans')
      await verdict.evaluate((e) => e.scrollIntoView())
      await shot(page, `verify-offline-${outcome}-${locale}`)
    }

    // A scanned code: what stands behind the number sign goes to no server.
    await context.setOffline(false)
    const sent: string[] = []
    context.on('request', (r) => sent.push(r.url() + (r.postData() ?? '')))
    await page.goto('about:blank')
    await page.goto(all.link)
    await page.locator('[data-verdict=credential-valid]').waitFor()
    expect(await page.locator('#pasted').inputValue()).toBe(all.valid)
    await page.locator('#kept').waitFor()
    const secret = all.valid.split('.')[2] ?? ''
    expect(sent.filter((s) => s.split('#')[0]?.includes(secret))).toEqual([])
    await page.getByText(t('page.verify.compare')).scrollIntoViewIfNeeded()
    await shot(page, `verify-link-${locale}`)

    await context.setOffline(true)
    await page.goto('about:blank')
    await page.goto(`${URL_OF_SERVER}/verify#credential=${all.withdrawn}`)
    await page.locator('[data-verdict=credential-withdrawn]').waitFor()
    await page.getByText(t('page.verify.no-why')).waitFor()
    // Another language was kept, too.
    const other = locale === 'ar' ? 'en' : 'ar'
    await page.goto(`${URL_OF_SERVER}/verify?lang=${other}`)
    expect(await page.locator('html').getAttribute('lang')).toBe(other)
    await context.setOffline(false)
  })
}

visit('a data package is checked without a network', 'en', 'desk', async (v) => {
  const { page, context } = v
  await signIn(v, 'bureau@wuyuan.demo', 'en')
  const api = `${URL_OF_SERVER}/api/v1`
  const json = async <T>(path: string) => (await (await context.request.get(api + path)).json()) as T
  const registration = (await json<{ items: { id: string }[] }>('/registrations?q=五原向日葵&status=registered'))
    .items[0]?.id
  const made = await context.request.post(`${api}/dossiers`, {
    headers,
    data: { registrationId: registration, market: 'XA', profile: 'general-presentation', languages: ['en'] },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id: dossier } = (await made.json()) as { id: string }
  const begun = await context.request.post(`${api}/dossiers/${dossier}/builds`, { headers })
  expect(begun.status(), await begun.text()).toBe(202)
  const { id, taskId } = (await begun.json()) as { id: string; taskId: string }
  await expect
    .poll(async () => (await json<{ status: string }>(`/tasks/${taskId}`)).status, { timeout: 150_000, interval: 500 })
    .toBe('succeeded')
  const builds = await json<{ items: { id: string; files: { name: string }[] }[] }>(`/dossiers/${dossier}/builds`)
  const name = builds.items.find((b) => b.id === id)?.files.find((f) => f.name.endsWith('.zip'))?.name ?? ''
  const { url } = await json<{ url: string }>(`/dossiers/${dossier}/builds/${id}/files/${encodeURIComponent(name)}`)
  const zip = await (await context.request.get(url)).body()

  await page.goto(`${URL_OF_SERVER}/verify`)
  await page.locator('#kept').waitFor({ timeout: 60_000 })
  await context.setOffline(true)
  await page.goto(`${URL_OF_SERVER}/verify`)
  await page.locator('#file').setInputFiles({ name, mimeType: 'application/zip', buffer: zip })
  await page.locator('[data-verdict=valid]').waitFor()
  await page.getByText(words('en')('page.verify.not-asked')).waitFor()
  expect(await page.locator('[data-fact=keysAt]').textContent()).not.toBe('')
  const changed = Buffer.from(zip)
  const at = changed.indexOf('%PDF-') + 64
  changed[at] = (changed[at] ?? 0) ^ 1
  await page.locator('#file').setInputFiles({ name, mimeType: 'application/zip', buffer: changed })
  await page.locator('[data-verdict=altered]').waitFor()
  await context.setOffline(false)
})
