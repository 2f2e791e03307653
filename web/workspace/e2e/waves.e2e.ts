import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { goto, settled, shot, signIn, sound, URL_OF_SERVER, visit, words } from './browser'

const step = (act: string) => ({ act, basis: { verified: false } })

// An office moves names in a wave; somebody without an account and without scripts opposes one of them; the office admits it,
// and the others go on.
visit('a wave of which one name is opposed', 'en', 'desk', async (v) => {
  const { page, context } = v
  const t = words('en')
  await signIn(v, 'examiner@alpha.demo', 'en')
  const headers = { Origin: URL_OF_SERVER }
  const code = `WAVE-${randomUUID().slice(0, 8).toUpperCase()}`
  const made = await context.request.post(`${URL_OF_SERVER}/api/v1/instruments`, {
    headers,
    data: { code, kind: 'pilot', titles: { en: code }, parties: ['CN', 'XA'], sources: [{ title: 'Letters' }] },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = (await made.json()) as { id: string }
  const procedure = await context.request.put(`${URL_OF_SERVER}/api/v1/instruments/${id}/procedure`, {
    headers: { ...headers, 'If-Match': '"v1"' },
    data: {
      steps: ['submit', 'endorse', 'receive', 'accept', 'publish', 'oppose', 'counter', 'clear', 'grant'].map(step),
      periods: [],
      grounds: [{ code: 'generic', titles: { en: 'Generic name' }, of: ['opposition'], basis: { verified: false } }],
    },
  })
  expect(procedure.status(), await procedure.text()).toBe(200)

  await goto(page, '/waves')
  await page.getByRole('button', { name: t('web.wave.new') }).click()
  const dialog = page.getByRole('dialog')
  const field = (name: string) => dialog.locator(`[data-path="${name}"]`)
  const names = ['五原向日葵', '河套番茄', '巴盟香瓜'].map((n) => `${n}${code.slice(-4)}`)
  await field('title').fill(code)
  await field('names').fill(names.map((n, i) => `${n}\tName ${i}`).join('\n'))
  await field('cases.instrumentId').selectOption(id)
  await field('cases.side').selectOption('destination')
  await field('cases.originOffice').fill('CN')
  await field('cases.market').fill('XA')
  await dialog.getByRole('button', { name: t('web.wave.new') }).click()
  await page.getByRole('heading', { level: 1, name: code }).waitFor()
  const address = new URL(page.url()).pathname.replace('/app', '')

  // Another name comes in as a list: what is in the wave is not taken again, and what nobody has waits for a decision.
  const fourth = `巴彦淖尔枸杞${code.slice(-4)}`
  await page.getByRole('button', { name: t('web.wave.add'), exact: true }).click()
  await field('text').fill(`name\tname (en)\n${names[0]}\tName 0\n${fourth}\tGoji`)
  await field('cases.side').selectOption('destination')
  await dialog.getByRole('button', { name: t('web.wave.preview'), exact: true }).click()
  await dialog.getByText(t('web.wave.fate.in-wave'), { exact: true }).waitFor()
  await dialog.getByText(t('web.wave.chosen', { Count: '0', Rows: '2' })).waitFor()
  await dialog.getByRole('checkbox', { name: t('web.wave.choose', { Name: fourth }) }).check()
  await shot(page, 'wave-add')
  await sound(page)
  await dialog.getByRole('button', { name: t('web.wave.add-chosen', { Count: '1' }) }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: fourth }).waitFor()

  const move = async (act: string, fill: Record<string, string>) => {
    await page.getByRole('button', { name: t('web.wave.move'), exact: true }).click()
    await field('act').selectOption(act)
    for (const [name, value] of Object.entries(fill)) await field(name).fill(value)
    await dialog.getByRole('button', { name: t(`case.act.${act}`), exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('status').filter({ hasText: 'moved' }).waitFor()
  }
  await move('receive', { on: '2026-01-12', receivedOn: '2026-01-12', reference: 'R 1' })
  await move('accept', { on: '2026-02-02' })
  await move('publish', { on: '2026-03-02', effectiveOn: '2026-03-02', reference: 'Gazette 5' })
  await settled(page)
  await sound(page)
  await shot(page, 'wave')

  // The public page works without scripts.
  const browser = context.browser()
  const plain = await browser?.newContext({ javaScriptEnabled: false, locale: 'en' })
  if (!plain) throw new Error('no browser')
  const visitor = await plain.newPage()
  await visitor.goto(`${URL_OF_SERVER}/notices?lang=en`)
  await visitor.getByRole('link', { name: names[0] }).click()
  await visitor.locator('#opponent').fill('Melon Growers')
  await visitor.locator('#address').fill('Street 1')
  await visitor.locator('#email').fill('growers@example.org')
  await visitor.getByRole('button', { name: t('page.notice.file') }).click()
  await visitor.getByText(t('problem.opposition.no-ground.title')).waitFor()
  expect(await visitor.locator('#opponent').inputValue()).toBe('Melon Growers')
  await visitor.locator('#ground-generic').fill('Everybody calls it so')
  await visitor.locator('#evidence').setInputFiles({
    name: 'mark.png',
    mimeType: 'image/png',
    buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } }),
  })
  await shot(visitor, 'notice')
  await visitor.getByRole('button', { name: t('page.notice.file') }).click()
  const key = await visitor.locator('#key').innerText()
  await visitor.goto(`${URL_OF_SERVER}/opposition`)
  await visitor.locator('#key').fill(key)
  await visitor.getByRole('button', { name: t('page.opposition.open') }).click()
  await visitor.getByText('Everybody calls it so').waitFor()
  await shot(visitor, 'own-opposition')
  await plain.close()

  await goto(page, address)
  await page.getByRole('link', { name: names[0] }).click()
  await page.getByRole('button', { name: /^OP-/ }).click()
  await dialog.getByText('Everybody calls it so').waitFor()
  await dialog.getByRole('button', { name: t('opposition.act.admit') }).click()
  await dialog
    .locator('form')
    .getByRole('button', { name: t('opposition.act.admit') })
    .click()
  await dialog.getByText(t('opposition.entry.act'), { exact: true }).waitFor()
  await shot(page, 'opposition')
  await page.keyboard.press('Escape')
  await page.locator('.page-head .tag', { hasText: t('case.state.opposed') }).waitFor()

  // Clearing needs the end of a period, which there is none of: all stay, and say why.
  await goto(page, address)
  await move('clear', { on: '2026-06-01' })
  await page.getByText(t('problem.recognition-case.not-over.title')).first().waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  await sound(page)
  await shot(page, 'wave-phone')
})
