import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { goto, settled, shot, shrink, signIn, sound, URL_OF_SERVER, type Visit, visit, words } from './browser'

// A call goes its whole way: written and reviewed by two people, applied to by three, one of them on a telephone whose line breaks; weighed by a
// committee of two, decided, objected to, moved up, claimed with receipts, paid, reported and settled. It is told in parts, since
// its window has to be over in between.
const t = words('zh-Hans')
const title = `演示·展会${randomUUID().slice(0, 6)}`
const BUREAU = 'bureau@wuyuan.demo'
const MARKET = 'market@wuyuan.demo'
const TRADER = 'exporter@goldfield.demo'
const SECOND = 'secretary@wuyuan-specialty.demo'
/** What is handed in with an application. */
const PAPER = 'budget.csv'
const THIRD = 'secretary@imsa.demo'
const PLATFORM = 'officer@hetao-platform.demo'
const PLATFORM_REVIEWER = 'reviewer@hetao-platform.demo'
/** How long the call is open: as long as three take to apply. */
const WINDOW = 75_000
let call = ''
let closes = 0
const applications: Record<string, string> = {}

/** What clocks where the call is kept show. */
const clock = (at: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })
    .format(at)
    .replace(' ', 'T')

const field = (page: Page, path: string) => page.locator(`[data-path="${path}"]`)
const press = (page: Page, word: string) =>
  page
    .getByRole('button', { name: t(word), exact: true })
    .first()
    .click()
/** Sends the form of a dialog, and waits until it is done. */
async function send(page: Page, word: string) {
  const dialog = page.getByRole('dialog')
  await dialog
    .locator('form')
    .getByRole('button', { name: t(word), exact: true })
    .click()
  await dialog.waitFor({ state: 'detached' })
}
/** A country as the pages name it. */
const market = (code: string) => new Intl.DisplayNames('zh-Hans-CN', { type: 'region' }).of(code) ?? code
const status = (page: Page, word: string) => page.locator('.page-head .tag', { hasText: t(word) }).waitFor()

async function ask<T>(v: Visit, method: 'post' | 'put', path: string, data?: unknown, etag?: string): Promise<T> {
  const answer = await v.context.request[method](`${URL_OF_SERVER}/api/v1/${path}`, {
    headers: { 'Content-Type': 'application/json', Origin: URL_OF_SERVER, ...(etag && { 'If-Match': etag }) },
    data,
  })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json()
}

/** Looks at a page on a desk and on a telephone. */
async function looked(page: Page, name: string) {
  await settled(page)
  await sound(page)
  await shot(page, name)
  const before = page.viewportSize()
  await shrink(page)
  await sound(page, false)
  await shot(page, `${name}-phone`)
  if (before) await page.setViewportSize(before)
}

visit('a call is written, reviewed by somebody else, and open', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  await signIn(v, BUREAU, 'zh-Hans', '/promotion-programmes/new')
  await field(page, 'titles.zh-Hans').fill(title)
  await field(page, 'texts.zh-Hans').fill('演示项目。\n支持参展。')
  await field(page, 'countries').fill('DE, AE')
  await field(page, 'places').fill('1')
  await field(page, 'window.opens').fill('2026-01-01T09:00:00')
  await field(page, 'window.closes').fill('2025-12-31T23:59:59')
  await field(page, 'budgets.0.amount').fill('600')
  await field(page, 'rules.ceiling').fill('600')
  await field(page, 'criteria.0.names.zh-Hans').fill('市场前景')
  await page
    .getByRole('button', { name: t('web.form.add') })
    .nth(1)
    .click()
  await field(page, 'criteria.1.names.zh-Hans').fill('参展方案')
  await press(page, 'web.save')
  await page.getByText(t('problem.promotion.window.title')).waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-path'))).toBe('window.closes')
  await looked(page, 'promotion-form')
  closes = Date.now() + WINDOW
  await field(page, 'window.closes').fill(clock(closes))
  await press(page, 'web.save')
  await status(page, 'promotion-programme.status.draft')
  call = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await press(page, 'promotion-programme.act.review')
  await page.getByText(t('problem.promotion-programme.own-review.title')).first().waitFor()

  await signIn(v, MARKET, 'zh-Hans', `/promotion-programmes/${call}`)
  await press(page, 'promotion-programme.act.review')
  await status(page, 'promotion-programme.status.reviewed')
  await press(page, 'promotion-programme.act.open')
  await send(page, 'promotion-programme.act.open')
  await status(page, 'promotion-programme.status.open')
  await press(page, 'promotion-programme.act.appoint')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('web.promotion.members')).first().click()
  await page.getByRole('option', { name: '演示：工信局' }).click()
  await page.getByRole('option', { name: '演示：市场监管局' }).click()
  await page.keyboard.press('Tab')
  await send(page, 'web.save')
  await page.getByRole('timer').waitFor()
})

visit('three apply, one where the line breaks', 'zh-Hans', 'phone', async (v) => {
  const { page, context } = v
  await signIn(v, TRADER, 'zh-Hans', `/promotion-programmes?q=${encodeURIComponent(title)}&whose=others`)
  await page.getByRole('link', { name: title }).click()
  await press(page, 'web.promotion.apply')
  await field(page, 'contact').fill('')
  await field(page, 'creditCode').fill('91000000DEM000080E')
  await page.getByText(t('web.promotion.asks.mark')).waitFor()
  await press(page, 'web.promotion.fill-in')
  expect(await field(page, 'contact').inputValue()).not.toBe('')
  await looked(page, 'promotion-known')
  await press(page, 'web.promotion.next')
  await context.setOffline(true)
  await field(page, 'plan').fill('演示方案：与采购商会面。')
  await page.getByText(t('web.promotion.kept-here')).waitFor()
  await shot(page, 'promotion-offline-phone')
  await context.setOffline(false)
  await page.getByText(/^已保存/).waitFor()
  await press(page, 'web.promotion.next')
  await press(page, 'web.form.add')
  await field(page, 'costs.0.amount').fill('1000')
  await press(page, 'web.form.add')
  await field(page, 'costs.1.amount').fill('100')
  await field(page, 'costs.1.currency').fill('USD')
  await page.getByRole('button', { name: t('web.promotion.step.papers') }).click()
  await page.setInputFiles('input[type=file]', { name: PAPER, mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
  await page.getByRole('link', { name: PAPER }).waitFor()
  await page.getByRole('button', { name: t('web.promotion.step.check') }).click()
  await press(page, 'promotion-application.act.submit')
  await field(page, 'costs.1.rate').and(page.locator(':focus')).waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'promotion-costs-phone')
  await field(page, 'costs.1.rate').fill('7.0')
  await field(page, 'costs.1.rateSource').fill('演示汇率')
  await field(page, 'costs.1.rateOn').fill('2026-01-05')
  await page.getByRole('button', { name: t('web.promotion.step.check') }).click()
  await press(page, 'promotion-application.act.submit')
  await status(page, 'promotion-application.status.submitted')
  applications[TRADER] = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.getByText('¥600.00').first().waitFor()

  for (const [who, creditCode, amount] of [
    [SECOND, '91000000DEM000081H', '800'],
    [THIRD, '91000000DEM000082L', '600'],
  ] as const) {
    await signIn(v, who, 'zh-Hans')
    const form = {
      name: `演示·${who.split('@')[1]}`,
      creditCode,
      contact: '演示',
      email: who,
      plan: '演示方案',
      costs: [{ kind: 'booth', text: '展位', amount, currency: 'CNY' }],
    }
    const made = await ask<{ id: string; etag: string }>(v, 'post', 'promotion-applications', {
      programmeId: call,
      form,
    })
    await ask(v, 'post', `promotion-applications/${made.id}/submit`, undefined, made.etag)
    applications[who] = made.id
  }
  // Whoever applied does not see who else did.
  await goto(page, `/promotion-applications/${applications[TRADER]}`)
  await page.getByText(t('problem.promotion-application.not-found.title')).first().waitFor()
})

visit('an application is completed, and a committee of two weighs all of them', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const to = (who: string) => `/promotion-applications/${applications[who]}`
  const points = async (who: string, market: string, plan: string) => {
    await goto(page, to(who))
    await field(page, 'points.criterion-1').fill(market)
    await field(page, 'points.criterion-2').fill(plan)
    await press(page, 'web.save')
    await page
      .locator('.list .tag', { hasText: t('promotion.stand.scored') })
      .first()
      .waitFor()
  }
  await signIn(v, BUREAU, 'zh-Hans', to(SECOND))
  await press(page, 'promotion-application.act.return')
  await field(page, 'asked.0').fill('补充展位合同')
  await field(page, 'until').fill('2099-01-01T00:00')
  await send(page, 'promotion-application.act.return')
  await status(page, 'promotion-application.status.returned')
  await points(TRADER, '90', '80')
  const opened = page.waitForEvent('download')
  await page.getByRole('button', { name: PAPER }).click()
  expect((await opened).suggestedFilename()).toBe(PAPER)
  await goto(page, to(THIRD))
  await field(page, 'stand').selectOption('conflict')
  await press(page, 'web.save')
  await page.getByText(t('web.members.needed')).waitFor()
  await field(page, 'note').fill('亲属（演示）')
  await press(page, 'web.save')
  await page.getByText(t('web.promotion.conflict-stays')).waitFor()

  await signIn(v, SECOND, 'zh-Hans', to(SECOND))
  await page.getByText('补充展位合同').first().waitFor()
  await page.getByRole('link', { name: t('promotion-application.act.update') }).click()
  await page.getByRole('button', { name: t('web.promotion.step.plan') }).click()
  await field(page, 'plan').fill('演示方案，已补充展位合同')
  await page.getByRole('button', { name: t('web.promotion.step.check') }).click()
  await press(page, 'promotion-application.act.submit')
  await status(page, 'promotion-application.status.submitted')

  await signIn(v, MARKET, 'zh-Hans')
  await points(TRADER, '80', '80')
  await looked(page, 'promotion-scored')
  await points(SECOND, '70', '70')
  await goto(page, to(THIRD))
  await field(page, 'stand').selectOption('abstained')
  await field(page, 'note').fill('未到会（演示）')
  await press(page, 'web.save')
  await page.locator('.list .tag', { hasText: t('promotion.stand.abstained') }).waitFor()
})

visit('the call is closed when its window is over, and decided', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const dialog = page.getByRole('dialog')
  await signIn(v, MARKET, 'zh-Hans')
  await page.waitForTimeout(Math.max(0, closes + 1_500 - Date.now()))
  await goto(page, `/promotion-programmes/${call}`)
  await press(page, 'promotion-programme.act.close')
  await status(page, 'promotion-programme.status.closed')
  const decide = async (name: string, outcome: string, amount?: string) => {
    await page
      .getByRole('row', { name })
      .getByRole('button', { name: t('web.promotion.decide') })
      .click()
    await field(page, 'outcome').selectOption(outcome)
    if (amount) await field(page, 'amount').fill(amount)
    await field(page, 'reason').fill('按排名（演示）')
  }
  await decide('金原', 'awarded', '600.01')
  await dialog
    .locator('form')
    .getByRole('button', { name: t('web.promotion.decide') })
    .click()
  await dialog.getByRole('alert').getByText('600.00').waitFor()
  await field(page, 'amount').fill('600')
  await send(page, 'web.promotion.decide')
  await decide('wuyuan-specialty', 'waiting')
  await send(page, 'web.promotion.decide')
  await decide('imsa', 'rejected')
  await send(page, 'web.promotion.decide')
  await looked(page, 'promotion-call')
  await signIn(v, MARKET, 'ar', `/promotion-programmes/${call}`)
  await settled(page)
  await sound(page, false)
  await shot(page, 'promotion-call-ar')
  await signIn(v, MARKET, 'zh-Hans', `/promotion-programmes/${call}`)
  await press(page, 'promotion-programme.act.decide')
  await send(page, 'promotion-programme.act.decide')
  await status(page, 'promotion-programme.status.decided')
})

visit(
  'a decision is objected to, a winner withdraws, and who waited is paid and reports',
  'zh-Hans',
  'desk',
  async (v) => {
    const { page } = v
    const to = (who: string) => `/promotion-applications/${applications[who]}`
    await signIn(v, THIRD, 'zh-Hans', to(THIRD))
    await press(page, 'web.promotion.object')
    await field(page, 'reason').fill('理由不充分（演示）')
    await send(page, 'web.promotion.object')
    await page.locator('.tag', { hasText: t('promotion-objection.status.filed') }).waitFor()

    await signIn(v, TRADER, 'zh-Hans', to(TRADER))
    await press(page, 'promotion-application.act.withdraw')
    await field(page, 'reason').fill('日程冲突（演示）')
    await send(page, 'promotion-application.act.withdraw')

    await signIn(v, BUREAU, 'zh-Hans', `/promotion-programmes/${call}`)
    await press(page, 'web.promotion.answer')
    await field(page, 'answer').fill('维持原决定（演示）')
    await send(page, 'web.promotion.answer')
    await press(page, 'web.promotion.advance')
    await page.getByRole('row', { name: 'wuyuan-specialty' }).getByText(t('promotion.outcome.awarded')).waitFor()
    await press(page, 'promotion-programme.act.run')
    await status(page, 'promotion-programme.status.running')

    await signIn(v, SECOND, 'zh-Hans', to(SECOND))
    await page.getByRole('link', { name: t('web.promotion.claim-new') }).click()
    await field(page, 'amount').fill('300')
    await field(page, 'receipts.0.amount').fill('600')
    await field(page, 'receipts.0.issuedOn').fill('2026-01-20')
    await press(page, 'web.promotion.claim-send')
    await field(page, 'receipts.0.number').and(page.locator(':focus')).waitFor()
    await looked(page, 'promotion-claim-new')
    await field(page, 'receipts.0.number').fill('演示-1')
    await press(page, 'web.promotion.claim-send')
    await status(page, 'promotion-claim.status.submitted')
    await goto(page, to(SECOND))
    await press(page, 'web.promotion.report')
    await field(page, 'contacts').fill('12')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('web.form.add') })
      .click()
    await field(page, 'exports.0.hsCode').fill('1206.00')
    await field(page, 'exports.0.country').fill('AE')
    await field(page, 'exports.0.amount').fill('25000')
    await page
      .getByRole('dialog')
      .locator('input[type=file]')
      .setInputFiles({
        name: 'contract.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('演示'),
      })
    await page.getByRole('dialog').getByRole('link', { name: 'contract.txt' }).waitFor()
    const today = await field(page, 'happenedOn').inputValue()
    await field(page, 'followUp.dueOn').fill(today)
    await field(page, 'followUp.what').fill('样品反馈（演示）')
    await send(page, 'web.promotion.report')
    await page.getByText('120600').waitFor()
    await page.getByRole('button', { name: 'contract.txt' }).waitFor()
    await goto(page, '/')
    await page.getByText('样品反馈（演示）').waitFor()
    await goto(page, to(SECOND))
    await press(page, 'web.promotion.follow')
    await field(page, 'contracts').fill('1')
    await send(page, 'web.promotion.follow')
    await page.getByText(t('web.promotion.followed')).waitFor()
    await looked(page, 'promotion-result')

    await signIn(v, BUREAU, 'zh-Hans', '/promotion-claims?status=submitted')
    await page.getByRole('link', { name: '演示·wuyuan-specialty' }).first().click()
    const pay = async (amount: string) => {
      await press(page, 'web.promotion.pay')
      await field(page, 'amount').fill(amount)
      await send(page, 'web.promotion.pay')
    }
    await pay('100')
    await status(page, 'promotion-claim.status.part-paid')
    await press(page, 'web.dues.reverse')
    await field(page, 'reason').fill('记错（演示）')
    await send(page, 'web.dues.reverse')
    await status(page, 'promotion-claim.status.submitted')
    await pay('200')
    await press(page, 'web.promotion.refuse')
    await field(page, 'reason').fill('超出标准（演示）')
    await send(page, 'web.promotion.refuse')
    await status(page, 'promotion-claim.status.refused')
    await looked(page, 'promotion-claim')
    await goto(page, `/promotion-programmes/${call}`)
    await press(page, 'promotion-programme.act.settle')
    await send(page, 'promotion-programme.act.settle')
    await status(page, 'promotion-programme.status.settled')
    await goto(page, '/promotion-results')
    await looked(page, 'promotion-results')
    await goto(page, '/promotion-dashboard?year=2026')
    await page.getByRole('table').getByText(market('AE')).first().waitFor()
    await looked(page, 'promotion-dashboard')

    await signIn(v, SECOND, 'zh-Hans', to(SECOND))
    await press(page, 'web.promotion.letter')
    const [letter] = await Promise.all([page.waitForEvent('download'), press(page, 'web.paper.open')])
    expect(letter.suggestedFilename()).toMatch(/\.pdf$/)
    await looked(page, 'promotion-letter')
  },
)

visit('a municipal platform opens a call, and the bureau takes it over', 'zh-Hans', 'desk', async (v) => {
  const { page } = v
  const name = `演示·对接会${randomUUID().slice(0, 6)}`
  const to = (id: string) => `/promotion-programmes/${id}`
  await signIn(v, PLATFORM, 'zh-Hans')
  const theirs = await ask<{ id: string }>(v, 'post', 'promotion-programmes', {
    kind: 'buyer-meeting',
    titles: { 'zh-Hans': name },
    topics: ['葵花籽'],
    countries: ['AE'],
    window: { opens: '2026-01-01T09:00:00', closes: '2099-12-31T23:59:59', zone: 'Asia/Shanghai' },
    places: 8,
    currency: 'CNY',
    budgets: [{ source: 'league-city', amount: '80000' }],
    rules: { shareBp: 6000, ceiling: '10000', eligible: ['samples'] },
    criteria: [{ code: 'market', names: { 'zh-Hans': '市场前景' }, weight: 1 }],
  })
  await signIn(v, PLATFORM_REVIEWER, 'zh-Hans', to(theirs.id))
  await press(page, 'promotion-programme.act.review')
  await status(page, 'promotion-programme.status.reviewed')
  await press(page, 'promotion-programme.act.open')
  await send(page, 'promotion-programme.act.open')
  await status(page, 'promotion-programme.status.open')

  await signIn(v, BUREAU, 'zh-Hans', '/promotion-platforms?level=municipal')
  await page.getByRole('link', { name: '河套交流平台（演示）' }).click()
  await page.getByRole('link', { name: t('promotion-platform.act.mirror') }).waitFor()
  await looked(page, 'promotion-platform')
  await goto(page, to(theirs.id))
  await press(page, 'promotion-programme.act.mirror')
  await status(page, 'promotion-programme.status.draft')
  await page.getByText(t('web.promotion.mirror-how')).waitFor()
  const ours = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await looked(page, 'promotion-mirror')
  await signIn(v, MARKET, 'zh-Hans', to(ours))
  await press(page, 'promotion-programme.act.review')
  await status(page, 'promotion-programme.status.reviewed')
  await press(page, 'promotion-programme.act.open')
  await send(page, 'promotion-programme.act.open')
  await status(page, 'promotion-programme.status.open')

  await signIn(v, TRADER, 'zh-Hans', to(ours))
  const there = page.getByRole('link', { name: t('web.promotion.mirror-there') })
  expect(await there.getAttribute('href')).toBe(`/calls/hetao-platform/${theirs.id}`)
  await page.goto(`${URL_OF_SERVER}/calls/wuyuan/${ours}`)
  await page.getByText('河套交流平台（演示）').first().waitFor()
  expect(await page.locator('a.button').first().getAttribute('href')).toBe(`/calls/hetao-platform/${theirs.id}`)
  await shot(page, 'promotion-mirror-public')

  await signIn(v, PLATFORM, 'zh-Hans', to(theirs.id))
  await press(page, 'promotion-programme.act.cancel')
  await field(page, 'reason').fill('活动取消（演示）')
  await send(page, 'promotion-programme.act.cancel')
  await signIn(v, BUREAU, 'zh-Hans', to(ours))
  await page.getByText(t('web.promotion.mirror-changed')).waitFor()
})
