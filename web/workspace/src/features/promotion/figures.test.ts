import { expect, test } from 'vitest'
import { bars, type Figures, type Funnel, SELECTION, yearsOf } from './figures'

const none: Funnel = {
  calls: 0,
  applications: 0,
  applicants: 0,
  awarded: 0,
  contacts: 0,
  inquiries: 0,
  samples: 0,
  contracts: 0,
}
const figures = (year: number, ...years: number[]): Figures => ({
  year,
  funnel: none,
  spent: [],
  exports: [],
  markets: [],
  years: years.map((y) => ({ year: y, funnel: none })),
  neverSupported: [],
  neverSupportedCount: 0,
})

test('bars are as long as their share of the longest', () => {
  const some = { ...none, calls: 2, applications: 8, applicants: 6, awarded: 4 }
  expect(bars(some, SELECTION)).toEqual({ calls: 25, applications: 100, applicants: 75, awarded: 50 })
})

test('bars of nothing are none', () => {
  expect(bars(none, SELECTION)).toEqual({ calls: 0, applications: 0, applicants: 0, awarded: 0 })
})

test('the year that is shown can be chosen, though it had no calls', () => {
  expect(yearsOf(figures(2026, 2027, 2025))).toEqual(['2027', '2026', '2025'])
  expect(yearsOf(figures(2025, 2025))).toEqual(['2025'])
})
