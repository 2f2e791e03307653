import { expect, test } from 'vitest'
import { callOf, lacking, valuesOf } from './content'

const filled = {
  ...valuesOf(),
  titles: { en: 'Fair', ar: ' ' },
  countries: 'de, ae',
  window: { opens: '2026-01-01T09:00', closes: '2026-02-01T23:59:59', zone: 'Asia/Shanghai' },
  rules: { shareBp: '33.33', ceiling: ' 100 ', eligible: ['booth' as const] },
}

test('a form without seconds means the beginning of the minute', () => {
  expect(callOf(filled).window).toEqual({
    opens: '2026-01-01T09:00:00',
    closes: '2026-02-01T23:59:59',
    zone: 'Asia/Shanghai',
  })
})

test('empty texts are left out, codes of countries are found, the share becomes hundredths of a percent', () => {
  const call = callOf(filled)
  expect([call.titles, call.texts, call.countries]).toEqual([{ en: 'Fair' }, undefined, ['DE', 'AE']])
  expect(call.rules).toEqual({ shareBp: 3333, ceiling: '100', eligible: ['booth'] })
})

test('criteria without a code get one that no other has, and those that have one keep it', () => {
  const named = (code: string) => ({ code, names: { en: code || 'new' }, weight: 1 })
  const call = callOf({ ...filled, criteria: [named(''), named('criterion-1'), named('market'), named('')] })
  expect(call.criteria.map((c) => c.code)).toEqual(['criterion-2', 'criterion-1', 'market', 'criterion-3'])
})

test('what was read comes back as it was', () => {
  const call = callOf({ ...filled, documents: [{ code: 'licence', names: { en: 'Licence' } }] })
  expect(callOf(valuesOf(call))).toEqual(call)
})

test('what is lacking is at the first language of a text', () => {
  const documents = [{ code: '', names: { ar: ' ', en: '' } }]
  expect(lacking({ ...valuesOf(), documents })).toEqual([
    'titles.zh-Hans',
    'criteria.0.names.zh-Hans',
    'documents.0.names.ar',
    'window.opens',
    'window.closes',
  ])
})
