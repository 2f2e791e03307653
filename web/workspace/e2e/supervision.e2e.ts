import { randomUUID } from 'node:crypto'
import { goto, settled, shot, signIn, sound, URL_OF_SERVER, visit } from './browser'
import { choose, creditCode, zh } from './marksSteps'

// A clerk finds what cannot be, sees how it was reckoned, and corrects a lot with the reason.
visit('marks on more goods than were produced', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/mark-alerts?kind=mass-balance')
  await page
    .getByRole('link', { name: zh('mark-alert.kind.mass-balance') })
    .first()
    .click()
  await page.getByText(zh('mark-alert.why.mass-balance')).waitFor()
  await page
    .getByRole('cell', { name: zh('web.balance.over', { Kg: '50' }) })
    .first()
    .waitFor()
  await page
    .getByRole('cell', { name: zh('web.balance.area-times', { Area: '4.5', Yield: '280', Kg: '1260' }) })
    .waitFor()
  await shot(page, 'marks-alert-balance')
  await sound(page)
  await page.getByRole('link', { name: '演示·向日葵加工有限公司' }).first().click()
  await page.getByRole('heading', { name: zh('web.balance.title') }).waitFor()
  await page.getByRole('link', { name: zh('web.lots.nav') }).click()
  await page.getByRole('button', { name: '演示-20260320' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('[data-path="quantity.value"]').fill('很多')
  await dialog.getByRole('button', { name: zh('web.lots.correct'), exact: true }).click()
  await dialog.getByRole('alert').first().waitFor()
  await dialog.locator('[data-path="quantity.value"]').fill('0.98')
  await dialog.getByLabel(zh('web.act.reason')).fill('过磅单更正（演示）')
  await shot(page, 'marks-lot')
  await dialog.getByRole('button', { name: zh('web.lots.correct'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('cell', { name: zh('web.lots.t', { Quantity: '0.98' }) }).waitFor()
  await settled(page)
  await shot(page, 'marks-lots')
  await sound(page)
})

// Whoever stands first is visited; what the visit finds goes into the score, and so does a complaint.
visit('users of the mark by their risk', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', '/mark-risks')
  await page.getByRole('link', { name: '演示·向日葵加工有限公司' }).waitFor()
  await shot(page, 'marks-risks')
  await sound(page)
  const dialog = page.getByRole('dialog')
  await page
    .getByRole('button', { name: zh('web.visits.plan') })
    .first()
    .click()
  await dialog.getByLabel(zh('web.act.reason')).fill('年度检查（演示）')
  await dialog.getByRole('button', { name: zh('web.visits.plan'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: zh('web.visits.nav') }).click()
  await page.locator('tbody button.link').first().click()
  await dialog.getByLabel(zh('web.visits.outcome')).selectOption('minor')
  await dialog.getByRole('button', { name: zh('web.visits.record') }).click()
  await dialog.getByText(zh('problem.mark-visit.findings.title')).first().waitFor()
  await dialog.getByLabel(zh('web.visits.findings')).fill('标签位置不规范（演示）')
  await shot(page, 'marks-visit')
  await dialog.getByRole('button', { name: zh('web.visits.record') }).click()
  await dialog.waitFor({ state: 'hidden' })
  await goto(page, '/mark-risks')
  await page.getByText(zh('mark-risk.visit-minor')).first().waitFor()
  await page.getByRole('link', { name: zh('web.complaints.nav') }).click()
  await page.getByRole('button', { name: zh('web.complaints.new') }).click()
  await choose(page, dialog, zh('web.complaints.about'), '向日葵加工', /演示·向日葵加工有限公司/)
  await dialog.getByLabel(zh('web.complaints.text')).fill('包装上没有统一社会信用代码（演示）')
  await dialog.getByRole('button', { name: zh('web.save') }).click()
  await page.getByRole('button', { name: '包装上没有统一社会信用代码（演示）' }).first().waitFor()
  await settled(page)
  await sound(page)
})

// An association applies for a producer on a phone; the county gives it back with a list, takes it up, and the applicant reads where it stands.
visit('a producer’s application on a phone, which the county decides on', 'zh-Hans', 'phone', async (v) => {
  const { page } = v
  const producer = `演示·申请人${randomUUID().slice(0, 6)}`
  const act = (name: string) =>
    page
      .getByRole('button', { name: zh(`mark-application.act.${name}`), exact: true })
      .first()
      .click()
  const stands = (status: string) =>
    page.locator('.page-head .tag', { hasText: zh(`mark-application.status.${status}`) }).waitFor()
  await signIn(v, 'secretary@wuyuan-specialty.demo', 'zh-Hans', '/mark-applications/new')
  await page.getByLabel(zh('web.applications.product')).selectOption({ label: '五原向日葵' })
  await page.getByLabel(zh('web.applications.name')).fill(producer)
  await page.getByRole('button', { name: zh('web.applications.save') }).click()
  await stands('draft')
  await act('submit')
  await page.getByText(zh('problem.mark-authorisation.needed.title')).first().waitFor()
  await page.getByLabel(zh('web.credit-code')).fill(creditCode())
  await page.getByLabel(zh('web.applications.contact')).fill('演示联系人')
  await page.getByLabel(zh('web.applications.phone')).fill('000')
  await page.locator('[data-path="area.value"]').fill('120')
  await page.getByLabel(zh('web.applications.standard')).fill('演示标准')
  await shot(page, 'marks-application-phone')
  await sound(page)
  await act('submit')
  await stands('submitted')
  await page.getByText(zh('mark-application.check.membership')).waitFor()
  await settled(page)
  await shot(page, 'marks-application-submitted')
  const address = page.url().replace(`${URL_OF_SERVER}/app`, '')

  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', address)
  await act('return')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(zh('web.applications.asked')).fill('补充检验报告')
  await dialog.getByRole('button', { name: zh('mark-application.act.return'), exact: true }).click()
  await stands('returned')

  await signIn(v, 'secretary@wuyuan-specialty.demo', 'zh-Hans', address)
  await page.getByText('补充检验报告').waitFor()
  await page.getByLabel(zh('web.applications.report')).fill('演示报告 1')
  await act('submit')
  await stands('submitted')

  await signIn(v, 'market@wuyuan.demo', 'zh-Hans', address)
  await act('take')
  await stands('taken')
  await page.getByRole('link', { name: zh('web.applications.to-authorisation') }).click()
  await page.getByRole('heading', { level: 1, name: producer }).waitFor()

  await signIn(v, 'secretary@wuyuan-specialty.demo', 'zh-Hans', address)
  await stands('taken')
  await sound(page)
})
