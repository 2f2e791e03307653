import { describe, expect, it } from 'vitest'
import { readCreditCode } from './creditCode'

describe('a unified social credit code as it is typed', () => {
  // The codes are those of public samples, the same as in the tests of the server's reading.
  it.each([
    ['91350100M000100Y43', 'right'],
    ['9144030071526726xg', 'right'],
    ['９１１１０００0802100433Ｂ', 'right'],
    [' 91 330100-799655058 B ', 'right'],
    ['91350100M000100Y44', 'wrong'],
    ['91350100I', 'wrong'],
    ['913501A0', 'wrong'],
    ['91350100M000100Y433', 'wrong'],
    ['91350100M000100Y4', 'short'],
    ['', 'empty'],
  ])('%s is %s', (typed, state) => {
    expect(readCreditCode(typed).state).toBe(state)
  })
  it('says how many symbols are to come', () => {
    expect(readCreditCode('9135 0100').missing).toBe(10)
  })
})
