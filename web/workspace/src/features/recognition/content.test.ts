import { describe, expect, it } from 'vitest'
import { instrumentInput, instrumentValues, recognitionInput, recognitionValues } from './content'
import type { Instrument, Recognition } from './queries'

const sources = [{ title: 'Gazette 2021/3', url: 'https://gazette.example/3', page: '12' }]
const recognition = {
  market: 'XA',
  originOffice: 'CN',
  name: '五原向日葵',
  language: 'zh-Hans',
  forms: [{ text: 'Wuyuan Xiangrikui', language: 'zh-Latn', kind: 'transcription', scheme: 'ISO 7098' }],
  list: '',
  position: '2',
  protection: 'protected-limited',
  limits: { en: 'Prior users until 2030' },
  from: '2021-03-01',
  registration: {
    publisherId: '01a21e17-1ac2-7ab1-bd8f-6cd7400696a8',
    recordId: '01a21e17-1bf7-736b-bda2-5c9dccf885f6',
  },
  sources,
} as unknown as Recognition

describe('the form of a recognition', () => {
  it('gives back what it was given, and leaves out what is empty', () => {
    const { list, ...rest } = recognition
    expect(recognitionInput(recognitionValues(recognition))).toEqual(rest)
  })
  it('keeps empty rows in their places, so that problems find them', () => {
    const values = recognitionValues(recognition)
    values.forms = [{ text: '', language: '', kind: 'original' }, ...values.forms]
    expect(recognitionInput(values).forms).toHaveLength(2)
  })
})

describe('the form of an instrument', () => {
  it('reads parties with any sign between them', () => {
    expect(instrumentInput({ ...instrumentValues(), parties: 'cn，XA、 xb' }).parties).toEqual(['CN', 'XA', 'XB'])
  })
  it('gives back what it was given', () => {
    const input = {
      code: 'CN-XA',
      kind: 'pilot',
      titles: { en: 'Pilot' },
      parties: ['CN', 'XA'],
      lists: [{ code: 'I', titles: { en: 'Annex I' } }],
      scope: [{ scheme: 'Nice', code: '31' }],
      inForceOn: '2021-03-01',
      sources,
      texts: [{ language: 'en', authentic: true, url: 'https://gazette.example/text' }],
      amendments: [{ titles: { en: 'First change' }, inForceOn: '2024-01-01' }],
    }
    expect(instrumentInput(instrumentValues(input as unknown as Instrument))).toEqual(input)
  })
})
