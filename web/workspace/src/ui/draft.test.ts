import { expect, test } from 'vitest'
import type { Session } from '../api/session'
import { draftKey, dropDraft, keepDraft, readDraft } from './draft'

const person = (personId: string) => ({ personId, tenant: { slug: 'trader' } }) as Session

test('a draft is of a person and a record, and gone when it is dropped', () => {
  const key = draftKey(person('a'), 'record')
  keepDraft(key, { values: { plan: 'p' }, etag: '"v1"' })
  expect(readDraft(key)).toEqual({ values: { plan: 'p' }, etag: '"v1"' })
  expect(readDraft(draftKey(person('b'), 'record'))).toBeUndefined()
  dropDraft(key)
  expect(readDraft(key)).toBeUndefined()
})

test('what is no draft is none', () => {
  localStorage.setItem('broken', '{')
  expect(readDraft('broken')).toBeUndefined()
})
