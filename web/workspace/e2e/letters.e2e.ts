import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { goto, settled, shot, signIn, sound, URL_OF_SERVER, type Visit, visit, words } from './browser'

const headers = { Origin: URL_OF_SERVER }

/** A case of the county and the demonstration partner, made through the API: opening one has tests of its own. */
async function opened({ context }: Visit, name: string): Promise<string> {
  const post = async (path: string, data: object) => {
    const made = await context.request.post(`${URL_OF_SERVER}/api/v1${path}`, { headers, data })
    expect(made.status(), await made.text()).toBe(201)
    return ((await made.json()) as { id: string }).id
  }
  const instrumentId = await post('/instruments', {
    code: `LETTER-${randomUUID().slice(0, 8).toUpperCase()}`,
    kind: 'pilot',
    titles: { 'zh-Hans': '互认试点（演示）', en: 'Recognition pilot (demonstration)' },
    parties: ['CN', 'XA'],
    sources: [{ title: 'Exchange of letters of the test' }],
  })
  const procedure = await context.request.put(`${URL_OF_SERVER}/api/v1/instruments/${instrumentId}/procedure`, {
    headers: { ...headers, 'If-Match': '"v1"' },
    data: {
      steps: ['submit', 'endorse', 'receive', 'grant'].map((act) => ({ act, basis: { verified: false } })),
      periods: [],
      grounds: [],
    },
  })
  expect(procedure.status(), await procedure.text()).toBe(200)
  const id = await post('/recognition-cases', {
    side: 'origin',
    name,
    language: 'zh-Hans',
    originOffice: 'CN',
    market: 'XA',
    instrumentId,
    other: 'alpha',
    on: '2026-01-05',
  })
  for (const [n, act] of ['submit', 'endorse'].entries()) {
    const moved = await context.request.post(`${URL_OF_SERVER}/api/v1/recognition-cases/${id}/${act}`, {
      headers: { ...headers, 'If-Match': `"v${n + 1}"` },
      data: { on: '2026-01-06', documents: [{ title: act, sha256: 'a'.repeat(64) }] },
    })
    expect(moved.status(), await moved.text()).toBe(200)
  }
  return id
}

/** A colleague writes into the draft while it is open here. */
async function changedByAnother({ context }: Visit, id: string) {
  const at = `${URL_OF_SERVER}/api/v1/recognition-cases/${id}/letters`
  type Draft = {
    id: string
    etag: string
    languages: string[]
    texts: Record<string, { body: string }>
    signatory?: string
  }
  let draft: Draft | undefined
  // What was saved a moment ago is waited for.
  await expect
    .poll(async () => {
      const { items } = (await (await context.request.get(at)).json()) as { items: Draft[] }
      draft = items[0]
      return draft?.texts.en?.body
    })
    .toBe('We ask you to receive the request.')
  if (!draft) throw new Error('the draft is gone')
  const { languages, texts, signatory, etag } = draft
  const written = await context.request.put(`${at}/${draft.id}`, {
    headers: { ...headers, 'If-Match': etag },
    data: { languages, signatory, texts: { ...texts, en: { ...texts.en, body: 'A colleague wrote this.' } } },
  })
  expect(written.status(), await written.text()).toBe(200)
}

visit('a letter is written in two languages, issued, and read by the other side', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const t = words('zh-Hans')
  const name = `五原向日葵 ${randomUUID().slice(0, 6)}`
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/')
  const id = await opened(v, name)
  await goto(page, `/cases/${id}`)
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const dialog = page.getByRole('dialog')
  const field = (path: string) => dialog.locator(`[data-path="${path}"]`)

  await page.getByRole('button', { name: t('web.letter.head'), exact: true }).click()
  await field('prefix').fill('wrong prefix')
  await field('names.zh-Hans').fill('五原县市场监督管理局（演示）')
  await dialog.getByRole('button', { name: t('web.form.add'), exact: true }).click()
  await dialog.getByRole('button', { name: t('web.form.add'), exact: true }).click()
  await field('signatories.0.role').fill('director')
  await field('signatories.0.names.zh-Hans').fill('张三（演示）')
  await field('signatories.0.titles.zh-Hans').fill('局长')
  await dialog.getByRole('button', { name: t('web.form.remove', { Name: `${t('web.letter.signatory')} 2` }) }).click()
  await dialog.getByRole('button', { name: t('web.save'), exact: true }).click()
  await dialog.locator('[data-path="prefix"][aria-invalid=true]').waitFor()
  await shot(page, 'letterhead')
  await sound(page)
  await field('prefix').fill('WYSJ')
  await dialog.getByRole('button', { name: t('web.save'), exact: true }).click()
  await dialog.waitFor({ state: 'detached' })

  await page.getByRole('button', { name: t('web.letter.write'), exact: true }).click()
  await dialog.getByRole('button', { name: t('web.letter.write'), exact: true }).click()
  const bodies = dialog.getByLabel(t('web.letter.body'))
  await bodies.nth(1).waitFor()
  await bodies.nth(0).fill('现函告如下：请予受理。')
  await bodies.nth(1).fill('We ask you to receive the request.')
  for (const one of await dialog.getByLabel(t('web.letter.to')).all()) await one.fill('Alpha')
  await dialog.getByLabel(t('web.letter.signatory')).selectOption('director')
  await shot(page, 'letter-draft')
  await sound(page)
  await dialog.getByRole('button', { name: t('web.letter.save'), exact: true }).click()
  await changedByAnother(v, id)
  await dialog.getByRole('button', { name: t('web.letter.issue'), exact: true }).click()
  await dialog.getByText(t('problem.stale.title')).waitFor()
  expect(await bodies.nth(1).inputValue()).toBe('We ask you to receive the request.') // nothing typed is lost
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^关于/ }).click()
  expect(await bodies.nth(1).inputValue()).toBe('A colleague wrote this.')
  await dialog.getByRole('button', { name: t('web.letter.issue'), exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  const row = page
    .getByRole('listitem')
    .filter({ hasText: /WYSJ-?\d*/ })
    .first()
  await row.getByRole('button', { name: 'PDF' }).waitFor()
  await page.getByText(t('web.case.documents-none')).waitFor({ state: 'detached' }) // the paper is there, too
  await shot(page, 'letter-issued')
  const download = page.waitForEvent('download')
  await row.getByRole('button', { name: 'PDF' }).click()
  await (await download).saveAs(`${process.env.HELIANTHUS_OUTPUT ?? '../../test-output'}/letter.pdf`)

  await page.getByLabel(t('web.tasks.text')).fill('请翻译核对')
  await page.getByLabel(t('web.tasks.due')).fill('2026-12-24')
  await page.getByRole('button', { name: t('web.tasks.add'), exact: true }).click()
  await page.getByText('请翻译核对').waitFor()
  await goto(page, '/')
  await settled(page)
  await page.getByText('请翻译核对').waitFor()
  await page.getByRole('button', { name: t('web.tasks.calendar'), exact: true }).click()
  await dialog.getByRole('button', { name: t('web.tasks.calendar'), exact: true }).click()
  const address = await dialog.getByRole('textbox').inputValue()
  await shot(page, 'calendar-address')
  await sound(page)
  const read = () => fetch(address)
  expect(await (await read()).text()).toContain('BEGIN:VCALENDAR')
  await dialog.getByRole('button', { name: t('web.tasks.revoke') }).click()
  await dialog.getByRole('button', { name: t('web.tasks.revoke') }).waitFor({ state: 'detached' })
  expect((await read()).ok).toBe(false)

  await v.context.clearCookies({ name: /session/ })
  await signIn(v, 'examiner@alpha.demo', 'ar', `/cases/${id}`)
  await page.getByText(/WYSJ/).first().waitFor()
  expect(await page.getByText('请翻译核对').count()).toBe(0)
  await shot(page, 'letter-received-ar')
  await sound(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await sound(page)
  await shot(page, 'letter-received-ar-phone')
})
