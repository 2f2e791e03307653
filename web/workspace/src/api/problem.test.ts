import { expect, it } from 'vitest'
import { fieldOf, type Problem, pathOf, place, Refusal } from './problem'

it.each([
  ['/names/0/text', 'names.0.text'],
  ['?market', 'market'],
  ['/holder/names/zh-Hans', 'holder.names.zh-Hans'],
  ['/a~1b/c~0d', 'a/b.c~d'],
])('the pointer %s is the path %s', (pointer, want) => {
  expect(pathOf(pointer)).toBe(want)
})

const problem: Problem = {
  type: '/problems#invalid',
  title: 'Some fields are wrong.',
  status: 422,
  code: 'invalid',
  message: 'Some fields are wrong.',
  details: [
    { pointer: '/email', code: 'not-an-address', message: 'This is no address.' },
    { pointer: '/roles/3', code: 'unknown', message: 'There is no such role.' },
  ],
}

it('details go to the fields that there are, the rest beside the form', () => {
  const { errors, rest } = place(problem, (path) => path === 'email')
  expect(errors).toEqual({ email: 'This is no address.' })
  expect(rest.map((d) => d.code)).toEqual(['unknown'])
})

it('what is wrong with several records in the same way is said once', () => {
  const same = { pointer: '/on', code: 'future', message: 'This day is still to come.' }
  expect(place({ ...problem, details: [same, same] }, (path) => path === 'on').errors).toEqual({ on: same.message })
})

it('an element of a list that is written into one field is told there, with the others', () => {
  const wrong = {
    ...problem,
    details: ['/days/0', '/days/3', '/rows/1'].map((pointer) => ({ pointer, code: 'range', message: `${pointer}.` })),
  }
  const { errors, rest } = place(wrong, (path, inside) => path === 'days' || (path === 'rows' && !inside))
  expect(errors).toEqual({ days: '/days/0. /days/3.' })
  expect(rest.map((d) => d.pointer)).toEqual(['/rows/1'])
  expect(fieldOf('/names/0/text', (path) => path === 'names.0.text' || path === 'names')).toBe('names.0.text')
})

it('a failure without a problem places nothing', () => {
  expect(place(undefined, () => true)).toEqual({ errors: {}, rest: [] })
})

it('a record that somebody else changed is told apart', () => {
  expect(new Refusal(412, problem).stale).toBe(true)
  expect(new Refusal(409, problem).stale).toBe(false)
})
