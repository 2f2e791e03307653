import { expect, test } from 'vitest'
import { sames } from './sames'

const marked = (ours: string, theirs: string) =>
  sames(ours, theirs).map((runs) => runs.map((r) => (r.same ? `[${r.text}]` : r.text)).join(''))

test('what two names have in common is marked in both', () => {
  expect(marked('五原向日葵', '五原向日葵籽')).toEqual(['[五原向日葵]', '[五原向日葵]籽'])
  expect(marked('河套向日葵', '五原向日葵')).toEqual(['河套[向日葵]', '五原[向日葵]'])
  expect(marked('Wǔyuán', 'WUYUAN Field')).toEqual(['[Wǔyuán]', '[WUYUAN] Field'])
})

test('a single Latin letter is chance', () => {
  expect(marked('五原', 'Wuyuan')).toEqual(['五原', 'Wuyuan'])
  expect(marked('Feta', 'Brie')).toEqual(['Feta', 'Brie'])
})
