import { afterEach, expect, test, vi } from 'vitest'
import { reckonIn, today } from './today'

afterEach(() => {
  vi.useRealTimers()
  reckonIn(undefined)
})

test.each([
  ['UTC', '2026-11-28'],
  ['Asia/Shanghai', '2026-11-29'],
  ['America/New_York', '2026-11-28'],
])('today is that of the tenant: %s', (zone, day) => {
  vi.useFakeTimers({ now: new Date('2026-11-28T18:00:00Z') })
  reckonIn(zone)
  expect(today()).toBe(day)
})
