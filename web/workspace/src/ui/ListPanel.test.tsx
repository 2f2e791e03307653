import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Refusal } from '../api/problem'
import { ListPanel } from './ListPanel'
import { renderIn } from './test/render'

const list = (queryFn: () => Promise<{ items: { id: string }[] }>) => (
  <ListPanel
    filter={{}}
    query={() => ({ queryKey: ['rows', String(queryFn)], queryFn, retry: false })}
    columns={[{ id: 'id', header: 'Id', cell: (r) => r.id }]}
    caption="Rows"
    empty="There is none."
  />
)

it('says that there is nothing where there is nothing', async () => {
  await renderIn(
    'en',
    list(async () => ({ items: [] })),
  )
  await screen.findByText('There is none.')
})

it('says nothing of rows that were refused', async () => {
  await renderIn(
    'en',
    list(() => Promise.reject(new Refusal(403, undefined))),
  )
  await screen.findByRole('alert')
  expect(screen.queryByText('There is none.')).toBeNull()
  expect(screen.queryByRole('table')).toBeNull()
})
