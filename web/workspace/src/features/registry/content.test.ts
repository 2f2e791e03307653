import { describe, expect, it } from 'vitest'
import { EMPTY, outline, toContent, toValues } from './content'
import type { Content } from './queries'

const full: Content = {
  office: 'CN',
  names: [{ text: '五原向日葵', language: 'zh-Hans', kind: 'original' }],
  hsCodes: ['120600', '200819'],
  holder: { names: { 'zh-Hans': '协会' }, code: '91150821MA0000000X' },
  area: { geometry: { type: 'Polygon', coordinates: [] } },
}

describe('the form of a registration', () => {
  it('gives back what it was given', () => {
    expect(toContent(toValues(full))).toEqual(full)
  })
  it('leaves out what is empty', () => {
    expect(toContent(toValues(EMPTY))).toEqual({
      office: 'CN',
      names: [{ language: 'zh-Hans', kind: 'original' }],
    })
  })
  it('keeps empty rows in their places, so that problems find them', () => {
    const values = toValues(full)
    values.names = [{ text: '', language: '', kind: 'original' } as never, ...values.names]
    expect(toContent(values).names).toHaveLength(2)
  })
  it('reads codes with any sign between them', () => {
    expect(toContent({ ...toValues(full), hsCodes: ' 1206，2008、 12 ' }).hsCodes).toEqual(['1206', '2008', '12'])
  })
})

describe('an outline', () => {
  const polygon = { type: 'Polygon', coordinates: [] }
  it.each([
    ['a geometry', polygon],
    ['a feature', { type: 'Feature', geometry: polygon }],
    ['a collection of one', { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: polygon }] }],
  ])('is taken from %s', (_, given) => {
    expect(outline(JSON.stringify(given))).toEqual(polygon)
  })
  it('is refused when it is no JSON', () => {
    expect(() => outline('POLYGON((1 2))')).toThrow()
  })
})
