import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { goto, settled, shot, shrink, signIn, sound, URL_OF_SERVER, visit, words } from './browser'
import { choose, chooseRegistration, creditCode, other, photograph, zh } from './marksSteps'

// Application to entry with a wrong code and a missing notice at their fields, and two people at once.
visit('the day of a county’s officer of marks', 'zh-Hans', 'desk', async (v) => {
  const { page, context } = v
  const tail = randomUUID().slice(0, 6)
  const holder = `演示·使用人${tail}`
  const code = creditCode()
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/mark-authorisations')
  await page.getByRole('link', { name: zh('web.special-marks.new') }).click()
  await page.getByRole('button', { name: zh('web.special-marks.apply') }).click()
  for (const missing of ['special-marks.registration-needed', 'credit-code.needed', 'special-marks.name-needed'])
    await page.getByText(zh(`web.${missing}`)).waitFor()
  await chooseRegistration(page)
  const codeField = page.getByLabel(zh('web.credit-code'))
  await codeField.fill(code.slice(0, -1) + other(code.slice(-1)))
  await page.getByText(zh('web.credit-code.wrong')).waitFor()
  await codeField.fill(code.toLowerCase())
  await page.getByText(zh('web.credit-code.right')).waitFor()
  await page.getByRole('button', { name: zh('web.special-marks.apply') }).click()
  await page.getByText(zh('problem.mark-authorisation.name.title')).first().waitFor()
  await page.locator('[data-path="names.zh-Hans"]').fill(holder)
  await page.locator('[data-path="township"]').fill('隆兴昌镇')
  await shot(page, 'marks-application')
  await page.getByRole('button', { name: zh('web.special-marks.apply') }).click()
  await page.getByRole('heading', { level: 1, name: holder }).waitFor()
  const address = page.url().replace(`${URL_OF_SERVER}/app`, '')

  const dialog = page.getByRole('dialog')
  const named = (act: string) => zh(`mark-authorisation.act.${act}`)
  const send = (name: string) => dialog.locator('form').getByRole('button', { name, exact: true }).click()
  const status = (word: string) =>
    page.locator('.page-head .tag', { hasText: zh(`mark-authorisation.status.${word}`) }).waitFor()
  const act = async (word: string, to: string, fill: () => Promise<unknown> = async () => {}) => {
    await page
      .locator('.page-head')
      .getByRole('button', { name: named(word), exact: true })
      .click()
    await dialog.locator('form').waitFor()
    await fill()
    await send(named(word))
    await dialog.waitFor({ state: 'detached' })
    await status(to)
  }
  await act('verify', 'verified', async () => {
    await dialog.locator('[data-path="reason"]').fill('原料来自保护范围内')
    await dialog.locator('input[type=file]').setInputFiles(await photograph(page))
    await dialog.getByText(zh('web.upload.ready')).waitFor()
  })
  await page.getByRole('link', { name: zh('web.special-marks.paper', { Number: '1' }) }).waitFor()
  await act('examine', 'examined')
  await act('announce', 'announced', () => dialog.locator('[data-path="dueOn"]').fill('2099-12-31'))
  await page.getByText(zh('web.special-marks.objections-until')).first().waitFor()
  await act('enter', 'active', async () => {
    await send(named('enter'))
    await dialog.getByText(zh('problem.mark-authorisation.needed.title')).waitFor()
    await dialog.locator('[data-path="reference"]').fill(`演示公告 ${tail}`)
  })

  // While a rectification is being written, a colleague records a report.
  const colleague = await context.newPage()
  await goto(colleague, address)
  await page.getByRole('button', { name: zh('web.special-marks.more') }).click()
  await page.getByRole('menuitem', { name: named('order') }).click()
  await dialog.locator('[data-path="reason"]').fill('标志位置不符合规定')
  await dialog.locator('[data-path="dueOn"]').fill('2099-06-30')
  await colleague.getByRole('button', { name: named('report'), exact: true }).click()
  await colleague
    .getByRole('dialog')
    .locator('form')
    .getByRole('button', { name: named('report'), exact: true })
    .click()
  await colleague.getByRole('dialog').waitFor({ state: 'detached' })
  await colleague.close()
  await send(named('order'))
  await dialog.getByText(zh('web.conflict.title')).waitFor()
  await dialog.getByText(zh('web.special-marks.still-possible')).waitFor()
  await shot(page, 'marks-two-at-once')
  await send(zh('web.special-marks.all-the-same', { Name: named('order') }))
  await dialog.waitFor({ state: 'detached' })
  await status('rectifying')
  await page.getByText(zh('web.special-marks.due-on')).first().waitFor()
  await act('rectify', 'active')
  await settled(page)
  await sound(page)
  await shot(page, 'marks-authorisation')
})

// The demonstration's own user of the mark gets marks of a run that is ordered here: from the order to the goods, and what can be
// done wrong on the way is done wrong once.
visit('a run of marks from the order to the goods', 'zh-Hans', 'desk', async (v) => {
  const { page, context } = v
  const tail = randomUUID().slice(0, 6)
  const [holder, code] = ['演示·向日葵加工有限公司', '91000000DEM000011A']
  const dialog = page.getByRole('dialog')
  const send = (name: string) => dialog.locator('form').getByRole('button', { name, exact: true }).click()
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/mark-batches/new')
  await chooseRegistration(page)
  await page.locator('[data-path="design"]').fill(`标签 ${tail}`)
  await page.locator('[data-path="printer"]').fill(`演示印刷厂${tail}`)
  await page.getByRole('button', { name: zh('web.batches.order') }).click()
  await page.getByText(zh('web.batches.count-needed')).waitFor()
  await page.locator('[data-path="count"]').fill('1000')
  await page.getByRole('button', { name: zh('web.batches.order') }).click()
  await page.getByRole('heading', { level: 1, name: `标签 ${tail}` }).waitFor()
  const batch = page.url().replace(`${URL_OF_SERVER}/app`, '')

  await page.getByRole('button', { name: zh('web.batches.print-file') }).click()
  const [file] = await Promise.all([page.waitForEvent('download'), send(zh('web.batches.take-file'))])
  const lines = readFileSync((await file.path()) ?? '', 'utf8').split('\r\n')
  expect(lines.length).toBe(1002)
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: zh('web.batches.print-file') }).click()
  await dialog.locator('select').selectOption('pdf')
  await dialog.locator('[data-path="count"]').fill('80')
  const [sheets] = await Promise.all([page.waitForEvent('download'), send(zh('web.batches.take-file'))])
  expect(readFileSync((await sheets.path()) ?? '', 'latin1')).toMatch(/^%PDF-1\.7[\s\S]*\/Count 2[\s\S]*%%EOF\n$/)
  const printed = lines[8]?.split(',')[1] ?? '' // of number 7

  const said = (word: string) => zh(`mark-batch.act.${word}`)
  const begin = async (word: string) => {
    const button = page.locator('.page-head').getByRole('button', { name: said(word), exact: true })
    await page
      .locator('.page-head')
      .getByRole('button', { name: zh('web.special-marks.more') })
      .waitFor()
    if (await button.count()) await button.click()
    else {
      await page.getByRole('button', { name: zh('web.special-marks.more') }).click()
      await page.getByRole('menuitem', { name: said(word), exact: true }).click()
    }
    await dialog.locator('form').waitFor()
  }
  const finish = async (word: string, to: string, many: string) => {
    await send(said(word))
    await dialog.waitFor({ state: 'detached' })
    await page
      .locator('.band-words li', { hasText: zh(`mark-batch.place.${to}`) })
      .getByText(many, { exact: true })
      .waitFor()
  }
  await begin('print')
  await send(said('print'))
  await dialog.getByText(zh('problem.mark-move.needed.title')).waitFor()
  await dialog.locator('[data-path="reference"]').fill('签样 1')
  await finish('print', 'printed', '1,000')
  await begin('receive')
  await dialog.locator('[data-path="reference"]').fill('送货单 1')
  await dialog.locator('[data-path="warehouse"]').fill('一号库')
  await finish('receive', 'stock', '1,000')
  await begin('issue')
  await choose(page, dialog, zh('web.special-marks.holder'), holder, new RegExp(holder))
  await dialog.locator('[data-path="count"]').fill('500')
  await finish('issue', 'issued', '500')
  await begin('use')
  await dialog.locator('[data-path="count"]').fill('100')
  await dialog.locator('[data-path="lot"]').fill(`L-${tail}`)
  await dialog.locator('[data-path="weightG"]').fill('12.5')
  await finish('use', 'used', '100')
  await page.getByText(zh('web.batches.kilograms', { Weight: '12.5' })).waitFor()
  await begin('destroy')
  await dialog.locator('[data-path="first"]').fill('900')
  await dialog.locator('[data-path="count"]').fill('10')
  await dialog.locator('[data-path="reason"]').fill('受潮')
  await dialog.locator('[data-path="witnesses"]').fill('见证人甲')
  await send(said('destroy'))
  await dialog.getByText(zh('problem.mark-move.witnesses.title', { Least: '2' })).waitFor()
  await dialog.locator('[data-path="witnesses"]').fill('见证人甲\n见证人乙')
  await finish('destroy', 'destroyed', '10')
  await begin('void')
  await dialog.locator('[data-path="first"]').fill('895')
  await dialog.locator('[data-path="count"]').fill('10')
  await dialog.locator('[data-path="reason"]').fill('印刷瑕疵')
  await send(said('void'))
  await dialog.getByText(zh('problem.mark-move.not-there.title')).waitFor()
  await dialog.locator('[data-path="count"]').fill('5')
  await finish('void', 'void', '5')
  await page.getByRole('button', { name: zh('web.batches.correct-this', { Name: said('void'), Number: '7' }) }).click()
  await dialog.locator('[data-path="reason"]').fill('复检合格')
  await send(said('correct'))
  await dialog.waitFor({ state: 'detached' })

  // Three marks are missing in the store: the ledger says which, and wants to know why.
  await page.getByRole('button', { name: zh('web.counts.take') }).click()
  await dialog.locator('[data-path="counted.0.count"]').fill('397')
  await dialog.getByText(zh('web.counts.missing', { Count: '3' })).waitFor()
  await send(zh('web.counts.keep'))
  await dialog.getByText(zh('problem.mark-count.unexplained.title')).waitFor()
  await dialog.locator('[data-path="explanation"]').fill('3 枚待查')
  await shot(page, 'marks-count')
  await send(zh('web.counts.keep'))
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('3 枚待查').waitFor()

  await page.getByLabel(zh('web.batches.find-number')).fill('905')
  await page.waitForURL(/number=.*905/)
  await page.locator('table td', { hasText: '900–909' }).waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'marks-batch')
  await shrink(page)
  await sound(page, false)
  await shot(page, 'marks-batch-phone')

  // A code on a package in the hand of the officer, then in those of others.
  await goto(page, '/mark-batches')
  await page.getByLabel(zh('web.lookup.code')).fill(`${URL_OF_SERVER}/m/${printed}`)
  await page.getByRole('button', { name: zh('web.lookup.ask') }).click()
  await page.getByText(zh('mark-batch.verdict.genuine')).waitFor()
  await page.getByText(`L-${tail}`).waitFor()
  await page.locator(`a[href^="/app${batch}?number="]`, { hasText: /^7$/ }).waitFor()
  for (const locale of ['fr', 'ar'] as const) {
    const shop = await context.newPage()
    await shop.setViewportSize({ width: 390, height: 844 })
    await shop.goto(`${URL_OF_SERVER}/m/${printed}?lang=${locale}`)
    await shop.getByText(words(locale)('page.mark.verdict.genuine')).waitFor()
    await shop.getByText(code).waitFor()
    expect(await shop.evaluate(() => document.documentElement.dir)).toBe(locale === 'ar' ? 'rtl' : 'ltr')
    await sound(shop)
    await shot(shop, `mark-scan-${locale}`)
    await shop.close()
  }
})

// A list of producers comes in, one of them is not counted, the rate of a month is reported, a false alarm is told from a true one,
// and the official image gets the credit code of a user.
visit('the day of a county’s clerk', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const tail = randomUUID().slice(0, 6)
  const dialog = page.getByRole('dialog')
  const send = (name: string) => dialog.locator('form').getByRole('button', { name, exact: true }).click()
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/mark-usage')
  await page.getByRole('button', { name: zh('web.mark-rule.title') }).click()
  await dialog.locator('[data-path="targetPercent"]').fill('85')
  await dialog.locator('[data-path="source"]').fill('')
  await send(zh('web.save'))
  await dialog.getByRole('alert').first().waitFor()
  await dialog.locator('[data-path="source"]').fill(`演示工作方案 ${tail}`)
  await send(zh('web.save'))
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(zh('web.mark-usage.target-of', { Percent: '85%' })).waitFor()

  await page.getByRole('link', { name: zh('web.producers.nav') }).click()
  await page.getByRole('button', { name: zh('web.import.nav') }).click()
  await choose(page, dialog, zh('web.special-marks.registration'), '五原向日葵', /五原向日葵 · DEMO-0001/)
  const [idle, stopped] = [creditCode(), creditCode()]
  await dialog.locator('input[type=file]').setInputFiles({
    name: '名录.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `企业名称,统一社会信用代码,所在乡镇,是否出口\n演示·甲${tail},${idle},隆兴昌镇,是\n演示·乙${tail},${stopped},胜丰镇,否\n`,
    ),
  })
  await dialog.getByText(zh('web.upload.ready')).waitFor()
  await send(zh('web.producers.preview'))
  await dialog.getByText(zh('web.producers.source-needed')).waitFor()
  await dialog.locator('[data-path="source"]').fill(`演示名录 ${tail}`)
  await dialog.locator('[data-path="listedOn"]').fill('2026-01-01')
  await send(zh('web.producers.preview'))
  await page.getByRole('button', { name: zh('web.import.commit') }).click()
  await page
    .locator('.panel')
    .getByRole('link', { name: zh('web.producers.nav') })
    .click()
  await page.getByLabel(zh('web.special-marks.find')).fill(stopped)
  await page.waitForURL(/q=/)
  await page.getByRole('button', { name: `演示·乙${tail}` }).click()
  await dialog.locator('[data-path="excluded"]').fill('停产')
  await send(zh('web.save'))
  await dialog.waitFor({ state: 'detached' })
  await page.locator('table').getByText('停产').waitFor()
  await settled(page)
  await shot(page, 'marks-producers')

  // The rate of this name: who does not use the mark is led to the next step, and March is reported for good.
  await goto(page, '/mark-usage?from=2026-01-01&to=2026-06-30')
  await chooseRegistration(page)
  await page.waitForURL(/registrationId=/)
  const row = page.locator('table tr', { hasText: `演示·甲${tail}` })
  await row.waitFor()
  await page.getByText('停产').first().waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'marks-usage')
  await page.getByRole('button', { name: zh('web.mark-usage.freeze-month', { Month: '2026年3月' }) }).click()
  await send(zh('web.mark-usage.freeze'))
  await dialog.waitFor({ state: 'detached' })
  await page.locator('table tr', { hasText: '2026年3月' }).getByText('演示').waitFor()
  await row.getByRole('link', { name: zh('mark-usage.next.apply') }).click()
  await page.getByText(zh('web.credit-code.right')).waitFor()
  expect(await page.getByLabel(zh('web.credit-code')).inputValue()).toBe(idle)
  expect(await page.locator('[data-path="names.zh-Hans"]').inputValue()).toBe(`演示·甲${tail}`)

  // The demonstration's own mark that was seen in two countries at once.
  await goto(page, '/mark-alerts?kind=far-apart')
  await page
    .getByRole('link', { name: zh('mark-alert.kind.far-apart') })
    .first()
    .click()
  await page.getByText(zh('web.mark-alerts.undecided')).waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'marks-alert')
  await page.getByRole('button', { name: zh('mark-alert.act.dismiss') }).click()
  await dialog.locator('[data-path="reason"]').fill('展会样品')
  await send(zh('mark-alert.act.dismiss'))
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('展会样品').waitFor()
  await page.getByRole('button', { name: zh('mark-alert.act.reopen') }).click()
  await dialog.locator('[data-path="reason"]').fill('重新核对')
  await send(zh('mark-alert.act.reopen'))
  await dialog.waitFor({ state: 'detached' })

  // An image that is nobody's mark stands for the official one.
  await goto(page, '/mark-images')
  await page.getByRole('button', { name: zh('web.mark-images.new') }).click()
  await dialog.locator('input[type=file]').setInputFiles({
    name: '图样.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 120" width="100" height="120"><rect x="1" y="1" width="98" height="98" fill="#e3a008"/></svg>',
    ),
  })
  await dialog.getByText(zh('web.upload.ready')).waitFor()
  await dialog.locator('[data-path="name"]').fill(`演示图样 ${tail}`)
  await dialog.locator('[data-path="code.top"]').fill('950')
  await dialog.locator('[data-path="leastMm"]').fill('15')
  await dialog.locator('[data-path="colours"]').fill('#1A1A1A\n#8A5A08')
  await dialog.locator('[data-path="source"]').fill('演示规则第三条')
  await send(zh('web.mark-images.new'))
  await dialog.getByText(zh('problem.mark-image.box.title')).waitFor()
  await dialog.locator('[data-path="code.top"]').fill('860')
  await shot(page, 'marks-image')
  await send(zh('web.mark-images.new'))
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(`演示图样 ${tail}`).waitFor()
  await goto(page, `/mark-authorisations?q=${encodeURIComponent('演示·向日葵加工有限公司')}`)
  await page.getByRole('link', { name: '演示·向日葵加工有限公司' }).click()
  const panel = page.locator('.panel', { hasText: zh('web.artwork.lead') })
  await panel.locator('[data-path="imageId"]').selectOption({ label: `演示图样 ${tail}` })
  await panel.locator('[data-path="widthMm"]').fill('10')
  await panel.getByRole('button', { name: zh('web.artwork.make') }).click()
  await panel.getByText(zh('problem.mark-artwork.small.title', { Least: '15', Source: '演示规则第三条' })).waitFor()
  await panel.locator('[data-path="widthMm"]').fill('30')
  await panel.getByRole('button', { name: zh('web.artwork.make') }).click()
  await panel.getByRole('link', { name: zh('web.artwork.take') }).click()
  await page.getByRole('heading', { level: 1, name: 'mark-91000000DEM000011A.pdf' }).waitFor()
  await settled(page)
  await shot(page, 'marks-artwork')
})

visit('an application on a telephone at the producer’s', 'zh-Hans', 'phone', async (v) => {
  const { page } = v
  const name = `演示·合作社${randomUUID().slice(0, 6)}`
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/mark-authorisations/new')
  await chooseRegistration(page)
  await page.getByLabel(zh('web.credit-code')).fill(creditCode())
  await page.locator('[data-path="names.zh-Hans"]').fill(name)
  await page.getByLabel(zh('web.special-marks.exports-how')).check()
  await page.locator('input[type=file]').setInputFiles(await photograph(page))
  await page.getByText(zh('web.upload.ready')).waitFor()
  await sound(page)
  await shot(page, 'marks-application-phone')
  await page.getByRole('button', { name: zh('web.special-marks.apply') }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await settled(page)
  await sound(page, false)
  await shot(page, 'marks-authorisation-phone')
  await goto(page, `/mark-authorisations?q=${encodeURIComponent(name)}&exports=true`)
  await page.getByRole('link', { name }).waitFor()
})
