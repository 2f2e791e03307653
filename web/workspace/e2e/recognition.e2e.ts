import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { goto, LOCALES, type Locale, settled, shot, signIn, sound, URL_OF_SERVER, visit, words } from './browser'

/** The recognition of the demonstration, as the office that keeps it sees it. */
for (const locale of LOCALES) {
  const t = words(locale)
  visit(`a recognition in both times, ${locale}`, locale, 'desk', async (v) => {
    const { page } = v
    await signIn(v, 'examiner@alpha.demo', locale)
    await page
      .getByRole('link', { name: t('web.recognitions.nav') })
      .first()
      .click()
    await page.getByRole('link', { name: '五原向日葵' }).first().click()
    await page.getByRole('heading', { name: t('web.recognition.times') }).waitFor()
    await settled(page)
    await shot(page, `recognition-${locale}`)
    await sound(page, locale === 'zh-Hans')
    await page.locator('.facts a').first().click()
    await page.getByRole('heading', { name: t('web.instrument.lists') }).waitFor()
    await settled(page)
    await shot(page, `instrument-${locale}`)
    await sound(page, locale === 'zh-Hans')
    await goto(page, '/recognitions/new')
    await settled(page)
    await sound(page, locale === 'zh-Hans')
    await shot(page, `recognition-new-${locale}`)
    await goto(page, '/instruments/new')
    await settled(page)
    await sound(page, locale === 'zh-Hans')
    await shot(page, `instrument-new-${locale}`)
  })

  visit(`recognitions on a phone, ${locale}`, locale, 'phone', async (v) => {
    const { page } = v
    await signIn(v, 'examiner@alpha.demo', locale, '/recognitions')
    await settled(page)
    await shot(page, `phone-recognitions-${locale}`)
    await sound(page, locale === 'zh-Hans')
    await page.getByRole('link', { name: '五原向日葵' }).first().click()
    await page.getByRole('heading', { name: t('web.recognition.times') }).waitFor()
    await settled(page)
    await shot(page, `phone-recognition-${locale}`)
    await sound(page, locale === 'zh-Hans')
  })
}

const en = words('en')
const field = (page: Page, path: string) => page.locator(`[data-path="${path}"]`)

/** An instrument of its own for a test, added and published. */
async function addInstrument(page: Page, code: string, locale: Locale) {
  const t = words(locale)
  await goto(page, '/instruments/new')
  await page.getByRole('button', { name: t('web.save') }).click()
  await page.locator('[data-path="code"][aria-invalid=true]').waitFor()
  await field(page, 'code').fill(code)
  await field(page, `titles.zh-Hans`).fill(`试验文书 ${code}`)
  await field(page, 'parties').fill('cn、xa')
  await field(page, 'inForceOn').fill('2021-03-01')
  await field(page, 'sources.0.title').fill('Gazette of the test')
  await page
    .getByRole('button', { name: t('web.form.add'), exact: true })
    .first()
    .click()
  await field(page, 'lists.0.code').fill('III')
  await field(page, 'lists.0.titles.zh-Hans').fill('附件三')
  await page.getByRole('button', { name: t('web.save') }).click()
  await page.getByRole('heading', { level: 1, name: `试验文书 ${code}` }).waitFor()
  await publish(page, locale)
}

async function publish(page: Page, locale: Locale) {
  const t = words(locale)
  await page.getByRole('button', { name: t('web.recognition.publish'), exact: true }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('web.recognition.publish'), exact: true })
    .click()
  await page.locator('.page-head .tag', { hasText: t('published.current') }).waitFor()
}

/** The procedure of the instrument whose page is open: taken over, adapted, refused at the field, and kept as a version. */
async function adapt(page: Page) {
  await page.getByLabel(en('web.procedure.from')).selectOption('PILOT-3-3')
  await page.getByRole('button', { name: en('web.procedure.take') }).click()
  await page.getByRole('link', { name: en('web.procedure.adapt') }).click()
  await page.getByRole('heading', { level: 1, name: en('web.procedure.adapt') }).waitFor()
  await settled(page)
  const steps = page.getByRole('group', { name: en('web.procedure.steps'), exact: true })
  await steps
    .getByRole('button', { name: en('web.form.add'), exact: true })
    .last()
    .click()
  await page.getByRole('button', { name: en('web.save') }).click()
  await steps.locator('select[aria-invalid=true]').waitFor() // the step is there twice
  await shot(page, 'procedure-refused-en')
  await sound(page)
  await steps
    .getByRole('button', { name: /^Remove Steps \d+$/ })
    .last()
    .click()
  await page.getByLabel(en('web.procedure.basis')).first().fill('Exchange of letters, item 2')
  await page.getByRole('button', { name: en('web.save') }).click()
  await page.getByText('Exchange of letters, item 2').waitFor()
  expect(await page.getByLabel(en('web.procedure.version')).inputValue()).toBe('2')
  await settled(page)
  await sound(page)
}

visit('a name is recognised under an instrument, and the status check shows it', 'en', 'desk', async (v) => {
  const { page } = v
  const mark = randomUUID().slice(0, 8).toUpperCase()
  const name = `五原向日葵 ${mark}`
  await signIn(v, 'examiner@alpha.demo', 'en')
  await addInstrument(page, `T-${mark}`, 'en')
  await adapt(page)
  await page.getByRole('link', { name: en('web.recognition.new') }).click()

  // What the server says of a form stands at the fields.
  await field(page, 'market').fill('XB')
  await field(page, 'name').fill(name)
  await field(page, 'from').fill('1021-03-01')
  await field(page, 'sources.0.title').fill('Annex III, line 7')
  await page.getByRole('button', { name: en('web.save') }).click()
  await page.getByText(en('problem.recognition.absurd-day.title')).waitFor()
  await page.getByText(en('problem.recognition.no-party.title')).waitFor()
  await shot(page, 'recognition-refused-en')
  await sound(page)
  await field(page, 'market').fill('XA')
  await field(page, 'from').fill('2021-03-01')
  await field(page, 'list').selectOption('III')
  await page.getByRole('button', { name: en('web.save') }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByText('附件三').waitFor()
  await publish(page, 'en')

  // The question of anybody is answered from it, and leads back here.
  await page.getByRole('link', { name: en('web.recognition.ask') }).click()
  await page.locator('.verdict', { hasText: en('page.status.word.yes') }).waitFor()
  await page.getByRole('link', { name: en('web.status.record'), exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
})

visit('a recognition is corrected and brought to its end', 'en', 'desk', async (v) => {
  const { page } = v
  const name = `五原向日葵 ${randomUUID().slice(0, 8)}`
  await signIn(v, 'examiner@alpha.demo', 'en')
  const answer = await v.context.request.post(`${URL_OF_SERVER}/api/v1/recognitions`, {
    headers: { Origin: URL_OF_SERVER },
    data: {
      market: 'XA',
      originOffice: 'CN',
      name,
      language: 'zh-Hans',
      protection: 'protected',
      from: '2021-03-01',
      sources: [{ title: 'Journal of the test' }],
    },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  await goto(page, `/recognitions/${((await answer.json()) as { id: string }).id}`)
  await page.getByRole('link', { name: en('web.recognition.update'), exact: true }).click()
  await field(page, 'position').fill('7')
  await field(page, 'reason').fill('The line was left out.')
  await page.getByRole('button', { name: en('web.save') }).click()
  await page.getByText(en('web.saved')).waitFor()
  await page.getByText('The line was left out.').waitFor()

  await page.getByRole('button', { name: en('web.recognition.end'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: en('web.recognition.end'), exact: true }).click()
  await page.locator('[data-path="reason"][aria-invalid=true]').waitFor()
  await sound(page)
  await field(page, 'endsOn').fill('2030-01-01')
  await field(page, 'reason').fill('The pilot is over.')
  await field(page, 'sources.0.title').fill('Notice of the test')
  await dialog.getByRole('button', { name: en('web.recognition.end'), exact: true }).click()
  await page.getByText('The pilot is over.').waitFor()
  await page.locator('.times > li:not(.axis)').nth(2).waitFor()
  await settled(page)
  await shot(page, 'recognition-ended-en')
  await sound(page)

  // What was known before is still there, and nothing can be done to it.
  await page.locator('.times a').last().click()
  await page.waitForURL(/asOf=/)
  await settled(page)
  expect(await page.getByRole('button', { name: en('web.recognition.publish'), exact: true }).count()).toBe(0)
  await page.getByRole('link', { name: en('web.registration.now') }).click()
  await publish(page, 'en')
})

visit('who only reads sees recognitions without buttons', 'en', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'reader@wuyuan.demo', 'en', '/recognitions')
  await settled(page)
  await page.getByText(en('web.recognitions.empty')).waitFor()
  expect(await page.getByRole('link', { name: en('web.recognition.new') }).count()).toBe(0)
  await shot(page, 'recognitions-empty-en')
  // Another house's record does not exist.
  await goto(page, '/recognitions/01a21e17-1cda-79b2-8f02-32c092168aaf')
  await page.getByRole('alert').getByText(en('problem.recognition.not-found.title')).waitFor()
  await sound(page)
})
