import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Refusal } from '../api/problem'
import { ProblemAlert } from './ProblemAlert'
import { renderIn } from './test/render'

const refusal = new Refusal(422, {
  type: '/problems#invalid',
  title: 'Some fields are wrong.',
  status: 422,
  code: 'invalid',
  message: 'Some fields are wrong.',
  correlationId: 'REF-1',
  details: [
    { pointer: '/email', code: 'a', message: 'This is no address.' },
    { pointer: '/roles/3', code: 'b', message: 'There is no such role.' },
  ],
})

it('says the problem, what was not said at a field, and the reference', async () => {
  await renderIn('en', <ProblemAlert error={refusal} placed={['email']} />)
  const alert = screen.getByRole('alert')
  expect(alert.textContent).toContain('Some fields are wrong.')
  expect(alert.textContent).toContain('There is no such role.')
  expect(alert.textContent).not.toContain('This is no address.')
  expect(alert.textContent).toContain('REF-1')
})

it('has words of its own when the server could not be reached, and never an error’s text', async () => {
  const { unmount } = await renderIn('en', <ProblemAlert error={new Refusal(0, undefined)} />)
  expect(screen.getByRole('alert').textContent).toContain('cannot be reached')
  unmount()
  await renderIn('en', <ProblemAlert error={new TypeError('x is undefined')} />)
  expect(screen.getByRole('alert').textContent).not.toContain('undefined')
})
