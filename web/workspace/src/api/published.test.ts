import { expect, test } from 'vitest'
import { nameIn } from './published'

const text = (texts: Record<string, string>) => texts.en ?? ''

test.each([
  [{ names: [{ text: 'Wuyuan' }, { text: '五原', kind: 'original' }] }, '五原'],
  [{ names: [{ text: 'Wuyuan' }] }, 'Wuyuan'],
  [{ names: { en: 'A producer', 'zh-Hans': '生产者' } }, 'A producer'], // a user of the special mark
  [{ name: 'Hetao' }, 'Hetao'],
  [{ titles: { en: 'Treaty' } }, 'Treaty'],
  [{ number: 'M-1' }, 'M-1'],
  [{ code: 'C-1' }, 'C-1'],
  [{ names: [] }, ''],
  [{ names: ['x', null] }, ''],
  [{ names: 7, name: 8 }, ''],
  ['text', ''],
  [null, ''],
])('a record with %j is called %s', (content, called) => {
  expect(nameIn(content, text)).toBe(called)
})
