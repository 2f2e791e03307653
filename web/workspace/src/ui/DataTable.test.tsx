import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { type Column, DataTable } from './DataTable'
import { renderIn } from './test/render'

type Row = { id: string; name: string; size: number }
const columns: Column<Row>[] = [
  { id: 'name', header: 'Name', by: (r) => r.name, cell: (r) => r.name },
  { id: 'size', header: 'Size', by: (r) => r.size, cell: (r) => r.size, num: true },
  { id: 'note', header: 'Note', cell: () => '' },
]
const rows: Row[] = [
  { id: 'a', name: '五原', size: 9 },
  { id: 'b', name: '安吉', size: 100 },
  { id: 'c', name: '龙井', size: 20 },
]
const table = (whole: boolean, shown = rows) => (
  <DataTable columns={columns} rows={shown} rowId={(r) => r.id} caption="Places" empty="none" whole={whole} />
)
const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((r) => within(r).getAllByRole('cell')[0]?.textContent)

it('is sorted by keyboard, and says so to assistive technology', async () => {
  await renderIn('zh-Hans', table(true))
  screen.getByRole('button', { name: 'Name' }).focus()
  await userEvent.keyboard('{Enter}')
  expect(screen.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending')
  expect(names()).toEqual(['安吉', '龙井', '五原'])
  await userEvent.keyboard('{Enter}')
  expect(screen.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('descending')
  expect(names()).toEqual(['五原', '龙井', '安吉'])
})

it('sorts numbers as numbers', async () => {
  await renderIn('en', table(true))
  await userEvent.click(screen.getByRole('button', { name: 'Size' }))
  expect(names()).toEqual(['五原', '龙井', '安吉'])
})

it('cannot be sorted by what has no order, nor when more pages follow', async () => {
  const { unmount } = await renderIn('en', table(true))
  expect(screen.queryByRole('button', { name: 'Note' })).toBeNull()
  unmount()
  await renderIn('en', table(false))
  expect(screen.queryByRole('button')).toBeNull()
})

it('takes the keyboard for scrolling, and says when there is nothing', async () => {
  await renderIn('ar', table(true, []))
  expect(screen.getByRole('region', { name: 'Places' }).tabIndex).toBe(0)
  expect(screen.getByText('none')).toBeTruthy()
})

it('leaves out a column that has nothing for any row', async () => {
  const acts = (can: string[]): Column<Row>[] => [
    ...columns,
    { id: 'acts', header: 'Actions', cell: (r) => r.name, has: (r) => can.includes(r.id) },
  ]
  const of = (can: string[]) => (
    <DataTable columns={acts(can)} rows={rows} rowId={(r) => r.id} caption="Places" empty="none" />
  )
  const { unmount } = await renderIn('en', of([]))
  expect(screen.queryByRole('columnheader', { name: 'Actions' })).toBeNull()
  unmount()
  await renderIn('en', of(['b']))
  expect(screen.getByRole('columnheader', { name: 'Actions' })).toBeTruthy()
})
