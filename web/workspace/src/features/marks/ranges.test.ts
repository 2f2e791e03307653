import { describe, expect, it } from 'vitest'
import { howMany, joined, type Numbers, without } from './ranges'

const r = (first: number, count: number): Numbers => ({ first, count })

describe('ranges of numbers', () => {
  it.each([
    ['nothing counted', [r(0, 10)], [], [r(0, 10)]],
    ['all counted', [r(0, 10)], [r(0, 10)], []],
    ['all counted in pieces that overlap', [r(0, 10)], [r(5, 5), r(0, 6)], []],
    ['a hole', [r(0, 10)], [r(0, 3), r(4, 6)], [r(3, 1)]],
    ['the end is missing', [r(0, 10)], [r(0, 8)], [r(8, 2)]],
    ['others lie outside', [r(5, 2)], [r(0, 5), r(7, 3)], [r(5, 2)]],
    ['several ranges', [r(0, 4), r(10, 4)], [r(2, 10)], [r(0, 2), r(12, 2)]],
  ])('%s', (_, some, others, want) => {
    expect(without(some, others)).toEqual(want)
  })
  it('that meet are one', () => {
    expect(joined([r(4, 2), r(0, 4), r(9, 1)])).toEqual([r(0, 6), r(9, 1)])
    expect(howMany([r(0, 6), r(9, 1)])).toBe(7)
  })
  it('agree with numbers one by one', () => {
    const set = (ranges: Numbers[]) =>
      new Set(ranges.flatMap((x) => Array.from({ length: x.count }, (_, i) => x.first + i)))
    const sets = [[r(0, 1)], [r(3, 4), r(1, 1)], [r(2, 2), r(3, 3)], [r(0, 9)], []]
    for (const a of sets) {
      for (const b of sets) {
        const [left, right] = [set(a), set(b)]
        expect([...set(without(a, b))].sort()).toEqual([...left].filter((n) => !right.has(n)).sort())
      }
    }
  })
})
