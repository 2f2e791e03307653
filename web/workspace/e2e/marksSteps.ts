import { randomInt } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { words } from './browser'

const SYMBOLS = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** A credit code that nobody has: of the division 000000, which there is none of, and with the right check symbol. */
export function creditCode() {
  const body = `91000000${Array.from({ length: 9 }, () => SYMBOLS[randomInt(SYMBOLS.length)]).join('')}`
  let sum = 0
  let weight = 1
  for (const symbol of body) {
    sum += SYMBOLS.indexOf(symbol) * weight
    weight = (weight * 3) % 31
  }
  return body + SYMBOLS[(31 - (sum % 31)) % 31]
}
export const other = (symbol: string) => (symbol === '0' ? '1' : '0')

export const zh = words('zh-Hans')

export async function choose(page: Page, where: Page | Locator, label: string, typed: string, option: string | RegExp) {
  const field = where.getByRole('combobox', { name: label })
  const box = (await field.count()) ? field : where.getByLabel(label).first()
  await box.click()
  await box.fill(typed)
  await page.getByRole('option', { name: option }).first().click()
}
export const chooseRegistration = (page: Page) =>
  choose(page, page, zh('web.special-marks.registration'), '五原向日葵', /五原向日葵 · DEMO-0001/)

export async function photograph(page: Page) {
  return {
    name: '现场.png',
    mimeType: 'image/png',
    buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } }),
  }
}
