import { expect, test } from 'vitest'
import { costInput, costOf, formInput, formValues, stepOf } from './form'

const line = { ...costOf('CNY'), amount: ' 100 ', rate: '7.1', rateSource: 'bank', rateOn: '2026-01-05' }

test('a rate is sent where there is something to convert', () => {
  expect(costInput(line, 'CNY')).toEqual({ kind: 'booth', text: '', amount: '100', currency: 'CNY' })
  expect(costInput({ ...line, currency: 'usd' }, 'CNY')).toEqual({
    kind: 'booth',
    text: '',
    amount: '100',
    currency: 'USD',
    rate: '7.1',
    rateSource: 'bank',
    rateOn: '2026-01-05',
  })
})

test('a form comes back as it was, and what is empty is not sent', () => {
  const form = {
    name: 'n',
    team: ['a', 'b'],
    costs: [{ kind: 'travel' as const, text: 't', currency: 'CNY' }],
    papers: [],
  }
  const values = formValues({ form, currency: 'CNY' })
  expect(formInput({ ...values, team: 'a\n\n b ' }, 'CNY')).toEqual({
    ...form,
    creditCode: '',
    contact: '',
    email: '',
    phone: '',
    plan: '',
  })
})

test('each field has its step', () => {
  expect(['creditCode', 'team', 'costs.1.rate', 'papers'].map(stepOf)).toEqual(['applicant', 'plan', 'costs', 'papers'])
})
