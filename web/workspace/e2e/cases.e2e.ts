import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { goto, type Locale, settled, shot, signIn, sound, URL_OF_SERVER, type Visit, visit, words } from './browser'

const step = (act: string, documents?: object[]) => ({
  act,
  ...(documents && { documents }),
  basis: { verified: false },
})

/** An instrument with a short procedure, which the county keeps; made through the API, since its pages have tests of their own. */
async function instrument({ context }: Visit): Promise<string> {
  const headers = { Origin: URL_OF_SERVER }
  const made = await context.request.post(`${URL_OF_SERVER}/api/v1/instruments`, {
    headers,
    data: {
      code: `CASE-${randomUUID().slice(0, 8).toUpperCase()}`,
      kind: 'pilot',
      titles: { 'zh-Hans': '互认试点（演示）', en: 'Recognition pilot (demonstration)' },
      parties: ['CN', 'XA'],
      sources: [{ title: 'Exchange of letters of the test' }],
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = (await made.json()) as { id: string }
  const procedure = await context.request.put(`${URL_OF_SERVER}/api/v1/instruments/${id}/procedure`, {
    headers: { ...headers, 'If-Match': '"v1"' },
    data: {
      steps: [
        step('submit'),
        step('endorse', [{ kind: 'endorsement-letter', languages: ['en'] }]),
        ...['receive', 'notify', 'remedy', 'abandon', 'accept', 'grant', 'refuse'].map((act) => step(act)),
      ],
      periods: [
        {
          code: 'remedy',
          titles: { 'zh-Hans': '补正期限', en: 'Time to remedy' },
          starts: ['notify'],
          from: 'event',
          length: { count: 30, unit: 'working-day' },
          calendar: 'CN',
          rolls: true,
          side: 'origin',
          ends: ['remedy'],
          silence: 'abandon',
          pauses: true,
          basis: { verified: false },
        },
      ],
      grounds: [],
    },
  })
  expect(procedure.status(), await procedure.text()).toBe(200)
  return id
}

/** Does an act of the open case, with a paper when one is given. */
async function act(page: Page, locale: Locale, name: string, paper?: string) {
  const t = words(locale)
  await page
    .getByRole('button', { name: t(`case.act.${name}`), exact: true })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  if (paper) {
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: paper, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7 ${paper}`) })
    await dialog.getByText(/^[0-9a-f]{64}$/).waitFor()
  }
  if (name === 'receive') {
    await dialog.getByRole('button', { name: t('case.act.receive'), exact: true }).click()
    await dialog.locator('[data-path="receivedOn"][aria-invalid=true]').waitFor() // an act says what it needs, at the field
    await dialog.locator('[data-path="receivedOn"]').fill('2026-01-05')
    await dialog.locator('[data-path="reference"]').fill('XA-2026-17')
  }
  await dialog.locator('textarea').last().fill(`${name} ✓`)
  await dialog.getByRole('button', { name: t(`case.act.${name}`), exact: true }).click()
  await dialog.waitFor({ state: 'detached' }).catch(async (e) => {
    throw new Error(`${name}: ${await dialog.innerText()}`, { cause: e })
  })
  await settled(page)
}

/** The county writes Chinese and the office abroad reads Arabic: one walk, with either language on its own side. */
visit('two offices and one file', 'zh-Hans', 'desk', async (v) => {
  const zh = words('zh-Hans')
  const ar = words('ar')
  const { page } = v
  const name = `五原向日葵 ${randomUUID().slice(0, 6)}`
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans')
  const id = await instrument(v)

  await goto(page, '/cases')
  await settled(page)
  await page.getByRole('button', { name: zh('web.case.new') }).click()
  const dialog = page.getByRole('dialog')
  const field = (id: string) => dialog.locator(`[data-path="${id}"]`)
  await field('name').fill(name)
  await field('instrumentId').selectOption(id)
  await field('originOffice').fill('CN')
  await field('market').fill('123')
  await field('other').fill('alpha')
  await dialog.getByRole('button', { name: zh('case.act.open'), exact: true }).click()
  await dialog.locator('[data-path="market"][aria-invalid=true]').waitFor()
  await shot(page, 'case-open-zh-Hans')
  await field('market').fill('XA')
  await dialog.getByRole('button', { name: zh('case.act.open'), exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await settled(page)
  await act(page, 'zh-Hans', 'submit', 'application.pdf')
  await act(page, 'zh-Hans', 'endorse', 'letter.pdf')
  await page.locator('.page-head .tag', { hasText: zh('case.state.proposed') }).waitFor()
  await page.getByRole('textbox', { name: zh('web.case.note') }).fill('Ours alone')
  await page.getByRole('button', { name: zh('web.case.note-add') }).click()
  await page.getByText('Ours alone').waitFor()
  await sound(page)
  const address = new URL(page.url()).pathname.replace('/app', '')

  await v.context.clearCookies({ name: /session/ })
  await signIn(v, 'examiner@alpha.demo', 'ar')
  await goto(page, '/cases')
  await page.getByRole('link', { name }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await settled(page)
  expect(await page.getByText('Ours alone').count()).toBe(0)
  await act(page, 'ar', 'receive')
  await act(page, 'ar', 'notify', 'deficiency.pdf')
  await page.getByRole('heading', { name: ar('web.case.deadlines'), exact: true }).waitFor()
  await shot(page, 'case-ar')
  await sound(page)

  await v.context.clearCookies({ name: /session/ })
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans')
  await goto(page, address)
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await act(page, 'zh-Hans', 'remedy', 'corrected.pdf')
  await shot(page, 'case-remedied-zh-Hans')
  await sound(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await sound(page)
  await shot(page, 'case-phone-zh-Hans')
})

// A side without a seat in this house is kept by hand: its house gives signed views, and ours is downloaded for it. The board shows
// how many there are of each state, whatever a page of the list shows.
visit('a case that another house keeps too, and the board', 'en', 'desk', async (v) => {
  const t = words('en')
  const { page, context } = v
  const own = randomUUID().slice(0, 6)
  await signIn(v, 'market@wuyuan.demo', 'en')
  const instrumentId = await instrument(v)
  const headers = { Origin: URL_OF_SERVER }
  const begun: { id: string; etag: string }[] = []
  for (const n of ['one', 'two', 'three']) {
    const made = await context.request.post(`${URL_OF_SERVER}/api/v1/recognition-cases`, {
      headers,
      data: {
        side: 'origin',
        originOffice: 'CN',
        market: 'XA',
        name: `Board ${own} ${n}`,
        language: 'en',
        instrumentId,
        on: '2026-01-05',
      },
    })
    expect(made.status(), await made.text()).toBe(201)
    begun.push((await made.json()) as { id: string; etag: string })
  }
  await goto(page, `/cases/${begun[0]?.id}`)
  await page.getByRole('heading', { level: 1, name: `Board ${own} one` }).waitFor()
  const views = page.getByRole('region', { name: t('web.case.views') })
  expect(await views.count()).toBe(0) // nothing that the other side may know
  await act(page, 'en', 'submit', 'application.pdf')
  await act(page, 'en', 'endorse', 'letter.pdf')
  await views.getByText(t('web.case.view-none')).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    views.getByRole('link', { name: t('web.case.view-give') }).click(),
  ])
  const ours = await download.path()
  await views.getByRole('button', { name: t('web.case.view-receive') }).click()
  const dialog = page.getByRole('dialog')
  const receive = async (file: Parameters<ReturnType<typeof dialog.locator>['setInputFiles']>[0], title: string) => {
    await dialog.locator('input[type=file]').setInputFiles(file)
    await dialog.getByRole('button', { name: t('web.case.view-receive'), exact: true }).click()
    await dialog.getByText(t(title)).waitFor()
  }
  await receive(ours, 'problem.case-view.own.title')
  await receive(
    { name: 'view.json', mimeType: 'application/json', buffer: Buffer.from('no view at all') },
    'problem.case-view.altered.title',
  )
  await shot(page, 'case-view-refused')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.evaluate(() => window.scrollTo(0, 0)) // what the head of the page covers is no smaller for it
  await sound(page)

  await goto(page, `/cases?q=${encodeURIComponent(`Board ${own}`)}`)
  await settled(page)
  await page.getByText(t('web.cases.view-board'), { exact: true }).click()
  const board = page.getByRole('region', { name: t('web.cases.nav'), exact: true })
  const column = (group: string) => board.getByRole('region', { name: t(`case.group.${group}`) })
  await column('preparing').getByText('2', { exact: true }).waitFor()
  expect(await column('filed').getByRole('listitem').count()).toBe(1)
  await settled(page)
  await shot(page, 'case-board')
  await sound(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await sound(page)
  await shot(page, 'case-board-phone')
  await column('preparing')
    .getByRole('link', { name: `${t('case.state.draft')} 2` })
    .focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: `Board ${own} two` }).waitFor()
  expect(await page.getByRole('link', { name: `Board ${own} one` }).count()).toBe(0)
})
