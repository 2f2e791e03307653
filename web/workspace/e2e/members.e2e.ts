import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { goto, settled, shot, signIn, sound, URL_OF_SERVER, visit, words } from './browser'

// A grower applies on a telephone, without an account and without scripts, in two sittings; the secretary examines and admits, looks at what
// is private for a purpose, imports the list that the association has, asks for the dues
// of a year, enters what came, holds a meeting, and enters that a member agreed to be read by the county.
visit('the day of an association’s secretary', 'zh-Hans', 'desk', async (v) => {
  const { page, context } = v
  const t = words('zh-Hans')
  const tail = randomUUID().slice(0, 6)
  const name = `演示·申请人${tail}`

  const browser = context.browser()
  const plain = await browser?.newContext({
    javaScriptEnabled: false,
    locale: 'zh-CN',
    viewport: { width: 390, height: 844 },
  })
  if (!plain) throw new Error('no browser')
  const visitor = await plain.newPage()
  await visitor.goto(`${URL_OF_SERVER}/associations/wuyuan-specialty/apply?lang=zh-Hans`)
  await visitor.locator('#category').selectOption('grower')
  await visitor.locator('#name').fill(name)
  await visitor.getByRole('button', { name: t('page.apply.save') }).click()
  await visitor.waitForURL(/\/applications\//)
  const address = visitor.url()
  await visitor.goto(address) // another day
  expect(await visitor.locator('#name').inputValue()).toBe(name)
  await visitor.getByRole('button', { name: t('page.apply.send') }).click()
  await visitor.getByText(t('problem.member-application.agree.title')).waitFor()
  await shot(visitor, 'application')
  expect(await visitor.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await visitor.locator('#idNumber').fill('11010519491231002x')
  await visitor.locator('#phone').fill('13800138000')
  await visitor.locator('#areaMu').fill('30')
  await visitor.locator('#papers').setInputFiles({
    name: 'paper.png',
    mimeType: 'image/png',
    buffer: await visitor.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } }),
  })
  await visitor.locator('input[name=agree]').check()
  await visitor.getByRole('button', { name: t('page.apply.send') }).click()
  await visitor.locator('#reference').waitFor()
  await visitor.goto(address)
  await visitor.getByText(t('problem.member-application.not-found.title')).waitFor()
  await plain.close()

  await signIn(v, 'secretary@wuyuan-specialty.demo', 'zh-Hans')
  await goto(page, `/members?q=${encodeURIComponent(name)}`)
  await page.getByRole('link', { name }).click()
  await page.getByText('110*************2X').waitFor()
  await page.getByText('138******00').waitFor()
  await page.getByRole('button', { name: t('member.act.examine') }).click()
  const dialog = page.getByRole('dialog')
  const act = async (word: string) => {
    await dialog.locator('form').getByRole('button', { name: word }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await act(t('member.act.examine'))
  await page.getByRole('button', { name: t('member.act.admit') }).click()
  await act(t('member.act.admit'))
  await page.locator('.page-head .tag', { hasText: t('member.status.admitted') }).waitFor()
  await page.getByRole('button', { name: t('web.members.reveal') }).click()
  await dialog.getByLabel(t('web.members.purpose')).fill('核对身份')
  await act(t('web.members.reveal'))
  await page.getByText('11010519491231002X').waitFor()

  await page.getByRole('button', { name: t('web.members.consent-new') }).click()
  await dialog.locator('[data-path="reader"]').fill('wuyuan')
  await dialog.locator('[data-path="purpose"]').fill('专用标志核查')
  await dialog.locator('[data-path="until"]').fill('2027-06-30')
  await act(t('web.members.consent-new'))
  await page.getByText('专用标志核查').waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'member')
  await page.setViewportSize({ width: 390, height: 844 })
  await sound(page)
  await shot(page, 'member-phone')
  await page.setViewportSize({ width: 1280, height: 900 })

  // Dues: what a year costs, everybody is asked in one act, a part comes, and a wrong entry is reversed.
  const year = String(new Date().getFullYear() + 1)
  await goto(page, `/dues?year=${year}`)
  await page.getByRole('button', { name: t('web.dues.tariff') }).click()
  await dialog.locator('[data-path="amounts.2.amount"]').fill('20.50')
  await dialog.locator('[data-path="dueOn"]').fill(`${year}-06-30`)
  await act(t('web.save'))
  await page.getByRole('button', { name: /^向 \d+ 名会员收费$/ }).click()
  await shot(page, 'dues-raise')
  await act(t('web.dues.raise-now'))
  await goto(page, `/dues?year=${year}&q=${encodeURIComponent(name)}`)
  const invoice = page.getByRole('row', { name })
  await invoice.getByRole('button', { name: t('web.dues.pay') }).click()
  await dialog.locator('[data-path="amount"]').fill('30')
  await dialog
    .locator('form')
    .getByRole('button', { name: t('web.dues.pay') })
    .click()
  await dialog.getByRole('alert').getByText('20.50').waitFor()
  await dialog.locator('[data-path="amount"]').fill('10.25')
  await act(t('web.dues.pay'))
  await invoice.getByText('10.25').waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'dues')
  await invoice.getByRole('link', { name }).click()
  await page.getByRole('button', { name: t('web.dues.reverse') }).click()
  await dialog.locator('textarea').fill('记错会员')
  await act(t('web.dues.reverse'))
  await page.getByText(t('web.dues.reversed')).waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  await sound(page)
  await shot(page, 'member-dues-phone')
  await page.setViewportSize({ width: 1280, height: 900 })

  // A meeting: the rule of the statutes, a notice to whom it is about, who came, a vote, and minutes that one person cannot sign as two.
  await goto(page, '/meetings')
  await page.getByRole('button', { name: t('web.meeting.rules') }).click()
  await dialog.getByLabel(t('web.meeting.kind')).selectOption('other')
  await dialog.locator('[data-path="source"]').fill('章程第三十条')
  await act(t('web.save'))
  await page.getByRole('link', { name: t('web.meeting.new') }).click()
  await page.locator('[data-path="kind"]').selectOption('other')
  await page.locator('[data-path="title"]').fill(`演示·专题会${tail}`)
  await page.locator('[data-path="beginsAt"]').fill(`${year}-03-01T09:30`)
  await page.locator('[data-path="place"]').fill('协会会议室')
  await page.getByRole('button', { name: t('web.form.add') }).click()
  await page.locator('[data-path="agenda.0.title"]').fill('种植计划')
  await page.getByRole('button', { name: t('web.save') }).click()
  await page.getByRole('button', { name: t('meeting.act.call') }).click()
  await dialog.getByLabel(t('web.meeting.call-whom')).first().fill(name)
  await page.getByRole('option', { name }).click()
  await page.keyboard.press('Tab')
  await act(t('meeting.act.call'))
  await page.getByText(t('meeting.quorum.not-reached')).waitFor()
  await page.getByRole('button', { name: t('meeting.act.open') }).click()
  await page.getByText(t('problem.meeting.no-quorum.title')).first().waitFor()
  await page.getByRole('button', { name: t('web.meeting.came'), exact: true }).click()
  await page.getByText(t('meeting.quorum.reached')).waitFor()
  await page.getByRole('button', { name: t('meeting.act.open') }).click()
  await page.getByRole('button', { name: t('web.meeting.propose') }).click()
  await dialog.locator('[data-path="title"]').fill('通过种植计划')
  await act(t('web.meeting.propose'))
  await page.getByRole('button', { name: t('web.meeting.vote') }).click()
  await dialog.getByLabel(name).selectOption('for')
  await act(t('web.meeting.vote'))
  await page.getByRole('button', { name: t('web.meeting.decide') }).click()
  await act(t('web.meeting.decide'))
  await page.getByText(t('meeting.result.carried'), { exact: true }).waitFor()
  await page.getByRole('button', { name: t('meeting.act.close') }).click()
  await page.getByRole('button', { name: t('web.meeting.write') }).click()
  await dialog.locator('[data-path="chair"]').fill('演示·会长')
  await dialog.locator('[data-path="text"]').fill('一致通过种植计划。')
  await act(t('web.save'))
  await page.getByRole('button', { name: t('web.meeting.sign-chair') }).click()
  await page.getByRole('button', { name: t('web.meeting.sign-second') }).click()
  await page.getByText(t('problem.meeting-minutes.same-person.title')).first().waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'meeting')
  await page.setViewportSize({ width: 390, height: 844 })
  await sound(page)
  await shot(page, 'meeting-phone')
  await page.setViewportSize({ width: 1280, height: 900 })
  await goto(page, `/members?q=${encodeURIComponent(name)}`)
  await page.getByRole('link', { name }).click()

  // The member looks at itself on a telephone, without scripts, and asks for a correction, which the secretary accepts.
  await page.getByRole('button', { name: t('web.members.invite') }).click()
  const link = new URL(await dialog.locator('input').inputValue(), URL_OF_SERVER).href
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  const phone = await browser?.newContext({
    javaScriptEnabled: false,
    locale: 'zh-CN',
    viewport: { width: 390, height: 844 },
  })
  if (!phone) throw new Error('no browser')
  const own = await phone.newPage()
  await own.goto(link)
  await own.getByRole('button', { name: t('page.portal.enter') }).click()
  await own.getByRole('heading', { name }).waitFor()
  expect(await own.locator('main').innerText()).toContain('20.50')
  expect(await own.locator('main').innerText()).toContain('核对身份')
  expect(await own.locator('#meetings').innerText()).toContain('通过种植计划')
  await own.locator('#address').fill('新公中镇演示村')
  await own.getByRole('button', { name: t('page.portal.propose') }).click()
  await own.locator('#waits').waitFor()
  await shot(own, 'portal')
  expect(await own.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await own.goto(link)
  await own.getByRole('button', { name: t('page.portal.enter') }).click()
  await own.getByText(t('problem.member-portal.not-found.title')).first().waitFor()
  await phone.close()
  await page.reload()
  await page.getByText(t('web.members.by-member')).waitFor()
  await sound(page)
  await shot(page, 'member-change')
  await page.getByRole('button', { name: t('web.members.accept'), exact: true }).click()
  await page.locator('.facts').getByText('新公中镇演示村').waitFor()

  // The list as the association has it: Chinese headings in an order of its own.
  await goto(page, '/members')
  await page.getByRole('button', { name: t('web.members.import') }).click()
  const list = `会员名册\n姓名,联系电话,会员类别,种植面积（亩）,会员编号\n演示·名册甲${tail},13800000011,种植户,12.5,L-${tail}-1\n演示·名册乙${tail},13800000012,农户,8,L-${tail}-2\n`
  await dialog.locator('input[type=file]').setInputFiles({
    name: '会员名册.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(list),
  })
  await page.getByText(`演示·名册乙${tail}`).waitFor()
  await shot(page, 'members-import')
  await page
    .getByRole('button', { name: t('web.import.commit'), exact: false })
    .first()
    .click()
  // Links to the list are there before the rows are: the crumb is one.
  await page.getByText(t('web.import.status.done'), { exact: true }).first().waitFor()
  await goto(page, `/members?q=${encodeURIComponent(`L-${tail}`)}`)
  await page.getByRole('link', { name: `演示·名册乙${tail}` }).waitFor()
  await sound(page)
  await shot(page, 'members')
})
