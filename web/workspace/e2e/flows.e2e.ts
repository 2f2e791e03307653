import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { begin, goto, LOCALES, password, settled, shot, signIn, sound, URL_OF_SERVER, visit, words } from './browser'

for (const locale of LOCALES) {
  const t = words(locale)

  visit(`signing in by keyboard alone, ${locale}`, locale, 'desk', async ({ page }) => {
    await goto(page, '/dossiers')
    await page.getByLabel(t('web.sign-in.name')).focus()
    await page.keyboard.type('bureau@wuyuan.demo')
    await page.keyboard.press('Tab')
    await page.keyboard.type(password())
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: t('web.dossiers.nav') }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/app/dossiers')
  })

  visit(`a name that does not fit its password, ${locale}`, locale, 'desk', async ({ page }) => {
    await goto(page, '/sign-in')
    await page.getByLabel(t('web.sign-in.name')).fill(`${randomUUID()}@nobody.demo`)
    await page.getByLabel(t('web.sign-in.password')).first().fill('not the password')
    await page.getByRole('button', { name: t('web.sign-in'), exact: true }).click()
    await page.getByRole('alert').getByText(t('problem.session.sign-in-failed.title')).waitFor()
    await sound(page, locale === 'zh-Hans')
  })

  visit(`the way from the list to the map and the history of a registration, ${locale}`, locale, 'desk', async (v) => {
    const { page } = v
    await signIn(v, 'bureau@wuyuan.demo', locale)
    await page
      .getByRole('link', { name: t('web.registrations.nav') })
      .first()
      .click()
    await page.getByRole('searchbox').fill('wuyuan sunflower')
    await page.waitForURL(/q=/) // the list follows what is written a moment later, and would come back over what is opened before
    await page.getByRole('link', { name: '五原向日葵' }).click()
    await page.getByRole('img', { name: t('web.registration.area-map') }).waitFor()
    await page.getByText('Base map of the tests').waitFor()
    await settled(page)
    await shot(page, `registration-${locale}`)
    await sound(page, locale === 'zh-Hans')
    await page.getByLabel(t('web.moment.on')).fill('2001-01-01')
    await page.getByRole('button', { name: t('web.moment.show') }).click()
    await page.waitForURL(/on=2001-01-01/)
    await settled(page)
    await shot(page, `registration-2001-${locale}`)
    await sound(page, locale === 'zh-Hans')
  })

  visit(`a dossier's completeness, texts and papers, ${locale}`, locale, 'desk', async (v) => {
    const { page } = v
    await signIn(v, 'bureau@wuyuan.demo', locale, '/dossiers')
    await page.locator('table a').last().click()
    for (const tab of ['completeness', 'texts', 'annexes', 'papers']) {
      await page.getByRole('tab', { name: t(`web.dossier.tab.${tab}`) }).click()
      await settled(page)
      await shot(page, `dossier-${tab}-${locale}`)
      await sound(page, locale === 'zh-Hans')
    }
  })

  visit(`the palette finds pages and records, ${locale}`, locale, 'desk', async (v) => {
    const { page } = v
    await signIn(v, 'bureau@wuyuan.demo', locale)
    await page.keyboard.press('Control+k')
    const box = page.getByRole('dialog', { name: t('web.palette') })
    await box.waitFor()
    await page.keyboard.type('向日葵')
    await box.getByText('五原向日葵', { exact: true }).first().waitFor()
    await shot(page, `palette-${locale}`)
    await sound(page, locale === 'zh-Hans')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/app\/(registrations|dossiers)\//)
  })

  visit(`on a phone, ${locale}`, locale, 'phone', async (v) => {
    const { page } = v
    await signIn(v, 'bureau@wuyuan.demo', locale)
    await shot(page, `phone-home-${locale}`)
    await sound(page, locale === 'zh-Hans')
    await page.getByRole('button', { name: t('web.menu') }).click()
    await page.getByRole('link', { name: t('web.dossiers.nav') }).waitFor()
    await shot(page, `phone-menu-${locale}`)
    await page.getByRole('link', { name: t('web.dossiers.nav') }).click()
    await page.locator('table a').first().click()
    await page.getByRole('tab').first().waitFor()
    await settled(page)
    await shot(page, `phone-dossier-${locale}`)
    await sound(page, locale === 'zh-Hans')
  })
}

visit('a language chosen holds after signing in again', 'en', 'desk', async (v) => {
  const { page } = v
  await begin(v, 'reader@wuyuan.demo', 'en')
  await goto(page, '/')
  await page.getByRole('button', { name: /^Language/ }).click()
  await page.getByRole('menuitem', { name: 'العربية' }).click()
  await page.getByRole('heading', { name: /مرحبا/ }).waitFor()
  expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
    'ar',
    'rtl',
  ])
  await page.reload()
  await page.getByRole('heading', { name: /مرحبا/ }).waitFor()
  const ar = words('ar')
  await page.getByRole('button', { name: ar('web.user', { Name: '' }).trim() }).click()
  await page.getByRole('menuitem', { name: ar('web.sign-out'), exact: true }).click()
  await page.getByRole('heading', { name: ar('web.sign-in') }).waitFor()
  await page.goto(`${URL_OF_SERVER}/app/settings`)
  await page.getByRole('heading', { name: ar('web.sign-in') }).waitFor()
})

const en = words('en')

async function fillDraft(page: Page, name: string) {
  await page.locator('[data-path="names.0.text"]').fill(name)
  await page.getByRole('button', { name: en('web.save') }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

visit('a registration is drafted, filed, and changed by two at once', 'en', 'desk', async (v) => {
  const { page } = v
  const name = `试验葵 ${randomUUID().slice(0, 8)}`
  await signIn(v, 'market@wuyuan.demo', 'en', '/registrations/new')
  // What the server says of a form stands at the field.
  await page.getByRole('button', { name: en('web.save') }).click()
  await page.locator('[data-path="names.0.text"][aria-invalid=true]').waitFor()
  await shot(page, 'registration-refused-en')
  await fillDraft(page, name)
  await page.getByRole('button', { name: en('registration.act.file'), exact: true }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: en('registration.act.file'), exact: true })
    .click()
  await page.locator('.page-head .tag', { hasText: en('registration.status.filed') }).waitFor()

  const id = page.url().split('/').at(-1)
  await goto(page, `/registrations/${id}/edit`)
  const other = await v.context.newPage()
  await goto(other, `/registrations/${id}/edit`)
  for (const [p, hs] of [
    [other, '120600'],
    [page, '200819'],
  ] as const) {
    await p.getByLabel(en('web.registration.hs')).fill(hs)
    await p.getByRole('button', { name: en('web.save') }).click()
    if (p === other) await p.getByText(en('web.saved')).waitFor()
  }
  await page.getByRole('dialog', { name: en('web.conflict.title') }).waitFor()
  await sound(page)
  await shot(page, 'registration-conflict-en')
  await page.getByRole('button', { name: en('web.conflict.mine') }).click()
  await page.getByText('200819').first().waitFor()
})

visit('a document is uploaded and looked at', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const zh = words('zh-Hans')
  const name = `检测 ${randomUUID().slice(0, 8)}.csv`
  await signIn(v, 'bureau@wuyuan.demo', 'zh-Hans', '/documents')
  await page.getByLabel(zh('web.upload.label')).setInputFiles({
    name,
    mimeType: 'text/csv',
    buffer: Buffer.from(`项目,结果\n${randomUUID()},合格\n`),
  })
  await page
    .getByRole('status')
    .filter({ hasText: zh('web.upload.ready') })
    .waitFor()
  await shot(page, 'document-uploaded-zh-Hans')
  await page.getByRole('link', { name }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await settled(page)
  await shot(page, 'document-zh-Hans')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: zh('web.download'), exact: true }).click()
  expect((await download).suggestedFilename()).toBe(name)
})

visit('an import shows the fate of each row before it is written', 'en', 'desk', async (v) => {
  const { page } = v
  const mark = randomUUID().slice(0, 8)
  await signIn(v, 'market@wuyuan.demo', 'en', '/registrations/import')
  const header = 'office,name,basisKind,registeredOn'
  const file = (rows: string[]) => ({
    name: `register-${mark}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from([header, ...rows].join('\n')),
  })
  const choose = page.getByLabel(en('web.import.file'))
  await choose.setInputFiles(file([`CN,Melon ${mark},gi-product,2020-01-01`, `CN,Pear ${mark},gi-product,2020-13-01`]))
  await page.getByText(en('web.import.has-errors')).waitFor()
  await settled(page)
  await shot(page, 'import-errors-en')
  await sound(page)

  await page.getByRole('button', { name: en('web.import.cancel') }).click()
  await page.getByRole('link', { name: en('web.import.another') }).click()
  await choose.setInputFiles(file([`CN,Melon ${mark},gi-product,2020-01-01`, `CN,Pear ${mark},gi-product,2020-02-01`]))
  await page.getByRole('button', { name: en('web.import.commit') }).click()
  await page.getByText(en('web.import.status.done')).waitFor()
  await page.getByRole('link', { name: en('web.import.look') }).click()
  await page.getByRole('searchbox').fill(mark)
  await page.getByRole('link', { name: `Melon ${mark}` }).waitFor()
  await shot(page, 'imported-en')
})

visit('a dirty Chinese workbook is mapped by keyboard, and a wrong row is left out', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const zh = words('zh-Hans')
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/registrations/import')
  // A title, two rows of headings, merged cells, days in three styles, a number twice; all of it invented.
  await page.getByLabel(zh('web.import.file')).setInputFiles(new URL('dirty-register.xlsx', import.meta.url).pathname)
  await page.getByText(zh('web.import.unmapped')).waitFor()
  await settled(page)
  await shot(page, 'import-mapping-zh-Hans')
  await sound(page)
  const column = (Heading: string) => page.getByLabel(zh('web.import.field-of', { Heading }))
  const choose = async (heading: string, field: string) => {
    await column(heading).focus()
    const steps = await column(heading).evaluate(
      (e, wanted) => [...(e as HTMLSelectElement).options].findIndex((o) => o.value === wanted),
      field,
    )
    for (let n = 0; n < steps; n++) await page.keyboard.press('ArrowDown')
    expect(await column(heading).inputValue()).toBe(field)
  }
  expect(await column('产品名称').inputValue()).toBe('name')
  expect(await column('登记信息 / 证书编号').inputValue()).toBe('number')
  await choose('登记信息 / 批准时间', 'registeredOn')
  await choose('权利人', 'holder')
  await page.getByLabel(zh('web.import.field.office')).fill('CN')
  await page.getByLabel(zh('web.import.field.basisKind'), { exact: true }).selectOption('gi-product')
  await page.getByLabel(zh('web.import.keep-as')).fill(`台账 ${randomUUID().slice(0, 8)}`)
  await page.keyboard.press('Enter')
  await page.getByText('“03/04/2015”').waitFor()
  await settled(page)
  await shot(page, 'import-findings-zh-Hans')
  await sound(page)
  const download = page.waitForEvent('download')
  await page
    .getByRole('button', { name: zh('web.import.findings') })
    .or(page.getByRole('link', { name: zh('web.import.findings') }))
    .click()
  expect((await download).suggestedFilename()).toBe('findings.csv')
  await page.getByRole('button', { name: zh('web.import.refuse-row', { Row: '7' }) }).click()
  await page.getByRole('button', { name: zh('web.import.restore-row', { Row: '7' }) }).waitFor()
  await page.getByRole('button', { name: zh('web.import.commit') }).click()
  await page.getByText(zh('web.import.status.done')).waitFor()
})

visit('a dossier is brought to its issue, and its papers are taken away', 'en', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'bureau@wuyuan.demo', 'en', '/dossiers/new')
  await page.getByRole('combobox', { name: en('web.dossier.registration') }).fill('wuyuan sunflower')
  await page.getByRole('option', { name: /五原向日葵/ }).click()
  await page.getByLabel(en('web.dossier.profile')).selectOption({ index: 1 })
  await page.getByRole('button', { name: en('web.dossier.begin') }).click()
  await page.locator('.page-head .tag', { hasText: en('dossier.status.draft') }).waitFor()
  await presentProduct(page)
  for (const act of ['collect', 'translate', 'review', 'issue']) {
    await page.getByRole('button', { name: en(`dossier.act.${act}`), exact: true }).click()
    await page.getByText(en('web.act.done', { Name: en(`dossier.act.${act}`) })).waitFor()
  }
  await page.getByRole('tab', { name: en('web.dossier.tab.papers') }).click()
  await page.getByRole('button', { name: /^Download .*\.zip$/ }).waitFor()
  await page.getByText(en('web.papers.official'), { exact: true }).first().waitFor()
  expect(await page.getByRole('button', { name: /^Preview of .*\.pdf$/ }).count()).toBe(3)
  await page.getByRole('button', { name: 'Preview of dossier-ar.pdf' }).click()
  await page.locator('iframe.preview').waitFor()
  await shot(page, 'dossier-issued-en')
  await sound(page)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /^Download .*\.zip$/ }).click()
  expect((await download).suggestedFilename()).toMatch(/\.zip$/)
})

/** Writes what a dossier says in its own words, and has the translations compared. */
async function presentProduct(page: Page) {
  await page.getByRole('tab', { name: en('web.dossier.tab.texts') }).click()
  await page.getByLabel(en('web.texts.product')).fill('五原向日葵籽粒饱满。')
  await page
    .getByRole('button', { name: en('web.save') })
    .first()
    .click()
  const pair = page.getByRole('region', { name: en('segment.product') })
  for (const [language, text] of [
    ['en', 'Wuyuan sunflower seeds are plump.'],
    ['ar', 'بذور دوار شمس وويوان ممتلئة.'],
  ] as const) {
    await page.getByLabel(en('web.texts.into')).selectOption(language)
    await pair.getByRole('textbox').fill(text)
    await pair.getByRole('button', { name: en('web.save') }).click()
    await pair.locator('.tag', { hasText: en('translation.state.drafted') }).waitFor()
    await pair.getByRole('button', { name: en('web.texts.review') }).click()
    await pair.locator('.tag', { hasText: en('translation.state.reviewed') }).waitFor()
  }
  await shot(page, 'dossier-translated-en')
}

visit('who was signed out elsewhere comes back to the same page', 'en', 'desk', async (v) => {
  const { page } = v
  await begin(v, 'reader@wuyuan.demo', 'en')
  await goto(page, '/')
  await settled(page)
  await v.context.request.delete(`${URL_OF_SERVER}/api/v1/session`, { headers: { Origin: URL_OF_SERVER } })
  await page
    .getByRole('link', { name: en('web.registrations.nav') })
    .first()
    .click()
  await page.getByRole('heading', { name: en('web.sign-in') }).waitFor()
  await page.getByLabel(en('web.sign-in.name')).fill('reader@wuyuan.demo')
  await page.getByLabel(en('web.sign-in.password')).first().fill(password())
  await page.getByRole('button', { name: en('web.sign-in'), exact: true }).click()
  await page.getByRole('heading', { level: 1, name: en('web.registrations.nav') }).waitFor()
})

visit('an API client gets a secret that is shown once', 'en', 'desk', async (v) => {
  const { page } = v
  const name = `machine ${randomUUID().slice(0, 8)}`
  await signIn(v, 'admin@wuyuan.demo', 'en', '/api-clients')
  await page.getByRole('button', { name: en('web.client.new') }).click()
  await page.getByRole('dialog').getByLabel(en('web.client.name')).fill(name)
  await page
    .getByRole('group', { name: en('permission.object.dossier') })
    .getByLabel(en('permission.act.read'))
    .check()
  await page.getByRole('button', { name: en('web.client.make') }).click()
  expect(await page.getByLabel(en('web.client.secret')).inputValue()).not.toBe('')
  await shot(page, 'api-client-secret-en')
  await sound(page)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: en('web.close') })
    .last()
    .click()
  await page.getByRole('button', { name: en('web.client.revoke-this', { Name: name }) }).click()
  await page.getByRole('row').filter({ hasText: name }).getByText(en('web.client.revoked')).waitFor()
})

visit('an address is told of changes, tested and removed', 'en', 'desk', async (v) => {
  const { page } = v
  const what = `Register ${randomUUID().slice(0, 8)}`
  await signIn(v, 'admin@wuyuan.demo', 'en', '/webhooks')
  await page.getByRole('button', { name: en('web.webhook.new') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(en('web.webhook.url')).fill('https://192.168.1.7/hooks')
  await dialog.getByRole('button', { name: en('web.webhook.make') }).click()
  await dialog.getByText(en('problem.webhook.address-private.title')).waitFor()
  await dialog.getByLabel(en('web.webhook.url')).fill('https://register.invalid/hooks')
  await dialog.getByLabel(en('web.webhook.description')).fill(what)
  await sound(page)
  await dialog.getByRole('button', { name: en('web.webhook.make') }).click()
  await page.getByText(en('web.webhook.once')).waitFor()
  expect(await page.getByRole('dialog').getByLabel(en('web.webhook.secret')).inputValue()).toMatch(/^whsec_/)
  await page
    .getByRole('dialog')
    .locator('.row')
    .getByRole('button', { name: en('web.close') })
    .click()
  await page.getByRole('heading', { level: 1, name: what }).waitFor()
  await page.getByRole('button', { name: en('web.webhook.test') }).click()
  await page.getByText('webhook.test').waitFor()
  await page.getByText(en('webhook.error.name')).waitFor() // the worker has tried, and there is no such name
  await settled(page)
  await shot(page, 'webhook-en')
  await sound(page)
  await page.getByRole('button', { name: en('web.webhook.remove') }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: en('web.webhook.remove') })
    .click()
  await page.waitForURL(/\/webhooks$/)
  await page.getByText(what).waitFor({ state: 'detached' })
})

visit('a partner may read, and may no longer', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const zh = words('zh-Hans')
  const purpose = `核对 ${randomUUID().slice(0, 8)}`
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/grants')
  await page.getByRole('button', { name: zh('web.grant.new') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(zh('web.grant.reader')).fill('alpha')
  await dialog.getByLabel(zh('web.grant.purpose')).fill(purpose)
  await sound(page)
  await dialog.getByRole('button', { name: zh('web.grant.give') }).click()
  const row = page.getByRole('row').filter({ hasText: purpose })
  await row.getByText(zh('grant.state.live')).waitFor()
  await row.getByRole('button', { name: zh('web.grant.revoke') }).click()
  await dialog.getByLabel(zh('web.publication.reason')).fill('核对完毕')
  await dialog.getByRole('button', { name: zh('web.grant.revoke') }).click()
  await row.getByText(zh('grant.state.revoked')).waitFor()
  await shot(page, 'grant-revoked-zh-Hans')
  await sound(page)
})
