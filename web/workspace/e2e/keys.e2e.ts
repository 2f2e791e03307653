import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { goto, LOCALES, narrow, settled, shot, shrink, signIn, sound, URL_OF_SERVER, visit, words } from './browser'

const en = words('en')
const publicKey = () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()

/** A machine that was just made, by its name. */
async function machine(page: Page): Promise<string> {
  const name = `register ${randomUUID().slice(0, 8)}`
  await goto(page, '/api-clients')
  await page.getByRole('button', { name: en('web.client.new') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(en('web.client.name')).fill(name)
  await page
    .getByRole('group', { name: en('permission.object.registration'), exact: true })
    .getByLabel(en('permission.act.read'), { exact: true })
    .check()
  await page.getByRole('button', { name: en('web.client.make') }).click()
  await dialog
    .getByRole('button', { name: en('web.close') })
    .last()
    .click()
  return name
}

visit("a machine's key is registered, required and revoked", 'en', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'admin@wuyuan.demo', 'en')
  const name = await machine(page)

  await goto(page, '/keys')
  await page.getByRole('button', { name: en('web.key.add') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(en('web.client.name')).selectOption({ label: name })
  await dialog.getByLabel(en('web.key.pem')).fill('-----BEGIN PRIVATE KEY-----')
  await dialog.getByRole('button', { name: en('web.key.add') }).click()
  await dialog.getByText(en('problem.api-client-key.pem.title')).waitFor()
  await shot(page, 'key-refused-en')
  await sound(page)
  await dialog.getByLabel(en('web.key.pem')).fill(publicKey())
  await dialog.getByRole('button', { name: en('web.key.add') }).click()
  const row = page.getByRole('row').filter({ hasText: name })
  await row.getByText(en('web.key.signs.signature')).waitFor()
  await settled(page)
  await shot(page, 'keys-registered-en')
  await sound(page)

  await goto(page, '/api-clients')
  const client = page.getByRole('row').filter({ hasText: name })
  await page.getByRole('button', { name: en('web.client.require-of', { Name: name }) }).click()
  await page.getByRole('dialog').getByLabel(en('web.client.proof.signature'), { exact: true }).check()
  await shot(page, 'client-require-en')
  await sound(page)
  await shrink(page)
  await narrow(page)
  await shot(page, 'client-require-en-phone')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: en('web.client.require') })
    .click()
  await page.setViewportSize({ width: 1360, height: 860 })
  await client.getByText(en('web.client.proof.signature'), { exact: true }).waitFor()
  await page.getByRole('button', { name: en('web.client.require-of', { Name: name }) }).click()
  const given = page.getByRole('dialog').getByLabel(en('web.client.proof.signature'), { exact: true })
  expect(await given.isChecked()).toBe(true)
  expect(await given.isDisabled()).toBe(true) // what is required is never taken back
  await page.keyboard.press('Escape')

  await goto(page, '/keys')
  await row.getByRole('button', { name: en('web.client.revoke') }).click()
  await row.getByText(en('web.key.state.retired')).waitFor()
  expect(await row.getByRole('button').count()).toBe(0)
})

for (const locale of LOCALES) {
  const t = words(locale)

  visit(`a signing key is rotated, ${locale}`, locale, 'desk', async (v) => {
    const { page } = v
    await signIn(v, 'admin@wuyuan.demo', locale)
    // The first signature makes a key: whoever reads what others publish signs a receipt.
    const read = await v.context.request.get(`${URL_OF_SERVER}/api/v1/changes?after=0`)
    expect(read.status(), await read.text()).toBe(200)
    await goto(page, '/keys')
    await settled(page)
    const present = page.getByRole('button', {
      name: new RegExp(t('web.key.rotate-this', { Name: '\\W*[0-9a-f]{16}\\W*' })),
    })
    const name = (await present.first().getAttribute('aria-label')) ?? ''
    const id = /[0-9a-f]{16}/.exec(name)?.[0] ?? ''
    await present.first().click()
    const dialog = page.getByRole('dialog')
    await shot(page, `key-rotate-${locale}`)
    await sound(page)
    await shrink(page)
    await narrow(page)
    await shot(page, `key-rotate-${locale}-phone`)
    await page.setViewportSize({ width: 1360, height: 860 })
    await dialog.getByLabel(t('web.key.why')).selectOption('compromised')
    await dialog.getByRole('button', { name: t('web.key.rotate'), exact: true }).click()
    const old = page.getByRole('row').filter({ hasText: id })
    await old.getByText(t('web.key.why.compromised')).waitFor()
    await page.getByRole('button', { name: name, exact: true }).waitFor({ state: 'detached' })
    expect(await present.count()).toBeGreaterThan(0) // the next one signs
    await settled(page)
    await shot(page, `keys-rotated-${locale}`)
    await sound(page)
  })
}

/** Addresses given in the workspace are dialled only when they are public, so that no server here can be followed: what is refused is looked at. */
visit('a house to follow is asked who it is before anything is kept', 'zh-Hans', 'desk', async (v) => {
  const zh = words('zh-Hans')
  const { page } = v
  await signIn(v, 'admin@operator.demo', 'zh-Hans', '/received')
  await page.getByRole('button', { name: zh('partner-house.act.create'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  const address = dialog.getByLabel(zh('web.houses.url'))
  for (const wrong of ['alpha', 'ftp://gi.example', URL_OF_SERVER]) {
    await address.fill(wrong)
    await dialog.getByRole('button', { name: zh('web.houses.look') }).click()
    await expect.poll(() => address.getAttribute('aria-invalid'), { timeout: 20_000 }).toBe('true')
    await address.fill('https://')
    await expect.poll(() => address.getAttribute('aria-invalid')).not.toBe('true')
  }
  await shot(page, 'house-refused-zh-Hans')
  await sound(page)
  await shrink(page)
  await narrow(page)
  await shot(page, 'house-refused-zh-Hans-phone')
})

visit('an administrator says how people are reminded of last days', 'en', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'admin@beta.demo', 'en', '/settings')
  const panel = page.getByRole('region', { name: en('web.reminders.title') })
  const days = panel.getByLabel(en('web.reminders.days'), { exact: false })
  const before = await days.inputValue()
  await days.fill('0, 400')
  await panel.getByRole('button', { name: en('web.reminders.keep') }).click()
  await panel.locator('input[aria-invalid=true]').waitFor()
  await shot(page, 'reminders-refused-en')
  await days.fill('21, 3')
  await panel.getByLabel(en('web.reminders.channel.webhook')).check()
  await panel.getByRole('button', { name: en('web.reminders.keep') }).click()
  await page.getByText(en('web.reminders.kept')).first().waitFor()
  await page.reload()
  await settled(page)
  expect(await days.inputValue()).toBe('21, 3')
  expect(await panel.getByLabel(en('web.reminders.channel.webhook')).isChecked()).toBe(true)
  await sound(page)
  await shrink(page)
  await narrow(page)
  await shot(page, 'reminders-en-phone')
  await days.fill(before)
  await panel.getByRole('button', { name: en('web.reminders.keep') }).click()
})
