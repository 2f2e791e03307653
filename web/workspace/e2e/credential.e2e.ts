import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { goto, LOCALES, settled, shot, signIn, sound, URL_OF_SERVER, type Visit, visit, words } from './browser'

// Certificates are set in three languages by a job that waits for whoever else wants the processor.
vi.setConfig({ testTimeout: 240_000 })

const en = words('en')
const headers = { Origin: URL_OF_SERVER }

type Registration = { id: string; etag: string }

/** A registration of a test's own that is published, made as another system would. */
async function published({ context }: Visit): Promise<{ id: string; name: string }> {
  const name = `试验向日葵 ${randomUUID().slice(0, 8)}`
  const base = `${URL_OF_SERVER}/api/v1/registrations`
  const words = { 'zh-Hans': '五原县' }
  const made = await context.request.post(base, {
    headers,
    data: {
      office: 'CN',
      names: [{ text: name, language: 'zh-Hans', kind: 'original' }],
      bases: [{ kind: 'gi-product', office: 'CN', number: randomUUID() }],
      holder: { names: words },
      controlBody: { names: words },
      area: { words },
      specification: [{ key: 'product', texts: words }],
      classes: [{ scheme: 'nice', code: '31' }],
      link: words,
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = (await made.json()) as Registration
  for (const act of ['file', 'examine', 'publish', 'register']) {
    const etag = (await context.request.get(`${base}/${id}`)).headers().etag ?? ''
    const done = await context.request.post(`${base}/${id}/${act}`, {
      headers: { ...headers, 'If-Match': etag },
      data: { effectiveOn: '2026-03-02' },
    })
    expect(done.status(), await done.text()).toBe(200)
  }
  return { id, name }
}

/** Does an act through its dialog, first without the reason that it needs. */
async function act(page: Page, name: 'suspend' | 'resume' | 'revoke', reason: string) {
  await page.getByRole('button', { name: en(`credential.act.${name}`), exact: true }).click()
  const dialog = page.getByRole('dialog')
  const send = dialog.getByRole('button', { name: en(`credential.act.${name}`), exact: true })
  await send.click()
  await dialog.locator('[aria-invalid=true]').waitFor()
  await sound(page)
  await dialog.getByRole('textbox').fill(reason)
  await page.keyboard.press('Tab')
  await send.press('Enter')
  await dialog.waitFor({ state: 'detached' })
}

visit('a certificate is issued, suspended, resumed and revoked', 'en', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'market@wuyuan.demo', 'en')
  const { id, name } = await published(v)
  await goto(page, `/registrations/${id}`)
  await page.getByRole('link', { name: en('web.credential.new') }).click()
  await page.getByRole('heading', { level: 1, name: en('web.credential.new') }).waitFor()
  await page.getByLabel('Arabic').check()
  await settled(page)
  await sound(page)
  await shot(page, 'credential-new-en')
  await page.getByRole('button', { name: en('web.credential.issue'), exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()

  // The papers come when they are made.
  const papers = page.getByRole('button', { name: /PDF/ })
  await papers.nth(2).waitFor({ timeout: 120_000 })
  await settled(page)
  await sound(page)
  await shot(page, 'credential-en')
  const [file] = await Promise.all([page.waitForEvent('download'), papers.first().click()])
  expect(file.suggestedFilename()).toMatch(/\.pdf$/)
  const [token] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /\.jwt/ }).click()])
  expect(token.suggestedFilename()).toMatch(/\.jwt$/)
  const code = page.getByRole('img', { name: en('web.credential.qr') })
  expect(await code.evaluate((i: HTMLImageElement) => i.naturalWidth)).toBeGreaterThan(0)

  await act(page, 'suspend', 'The control body asks for a pause.')
  await page.locator('.page-head .tag', { hasText: en('credential.status.suspended') }).waitFor()
  await page.locator('.timeline').getByText('The control body asks for a pause.').waitFor()
  await act(page, 'resume', 'The pause is over.')
  await page.locator('.page-head .tag', { hasText: en('credential.status.valid') }).waitFor()
  await act(page, 'revoke', 'It was issued to the wrong party.')
  await page.locator('.page-head .tag', { hasText: en('credential.status.revoked') }).waitFor()
  expect(await page.locator('.timeline li').count()).toBe(4)
  expect(await page.getByRole('button', { name: en('credential.act.resume'), exact: true }).count()).toBe(0)
  await settled(page)
  await sound(page)
  await shot(page, 'credential-revoked-en')

  // The list finds it by its record and its state, and the link is for anybody.
  await goto(page, `/credentials?recordId=${id}&status=revoked`)
  await settled(page)
  expect(await page.locator('tbody tr').count()).toBe(1)
  await page.locator('tbody a').first().click()
  const link = page.getByRole('link', { name: en('web.credential.open-link') })
  const [opened] = await Promise.all([v.context.waitForEvent('page'), link.click()])
  await opened.locator('[data-verdict=credential-withdrawn]').waitFor()
  await opened.getByText('It was issued to the wrong party.').waitFor()
  await opened.close()
})

for (const locale of LOCALES) {
  const t = words(locale)
  for (const size of ['desk', 'phone'] as const) {
    visit(`certificates, ${locale}, ${size}`, locale, size, async (v) => {
      const { page } = v
      await signIn(v, 'examiner@alpha.demo', locale, '/credentials')
      await settled(page)
      await page.locator('tbody a').first().waitFor()
      await sound(page)
      await shot(page, `credentials-${size}-${locale}`)
      await page.locator('tbody a').first().click()
      await page.getByRole('heading', { name: t('web.credential.to-check') }).waitFor()
      await settled(page)
      await sound(page)
      await shot(page, `credential-${size}-${locale}`)
    })
  }
}

visit('who only reads issues nothing, and an empty list says what to do', 'en', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'admin@alpha.demo', 'en', '/credentials')
  await page.locator('tbody a').first().click()
  await page.getByRole('heading', { name: en('web.credential.to-check') }).waitFor()
  expect(await page.getByRole('button', { name: en('credential.act.revoke'), exact: true }).count()).toBe(0)
  await goto(page, '/credentials?recordId=01a21e17-1cda-79b2-8f02-32c092168aaf')
  await page.getByText(en('web.list.nothing-found')).waitFor()
  await goto(page, '/credentials/new?kind=registration&record=01a21e17-1cda-79b2-8f02-32c092168aaf')
  await page.getByText(en('web.credential.nothing')).waitFor()
  await sound(page)
  await goto(page, '/credentials/01a21e17-1cda-79b2-8f02-32c092168aaf')
  await page.getByRole('alert').getByText(en('problem.credential.not-found.title')).waitFor()
})
