import { describe, expect, it } from 'vitest'
import { createI18n, LOCALES, loadCatalogue, pick } from './i18n'

const catalogues = Object.fromEntries(
  await Promise.all(LOCALES.map(async (l) => [l, await loadCatalogue(l)] as const)),
) as Record<(typeof LOCALES)[number], Awaited<ReturnType<typeof loadCatalogue>>>

const forms = (message: unknown) =>
  typeof message === 'string' ? { other: message } : (message as Record<string, string>)
const holes = (text: string) => [...text.matchAll(/{{\s*\.(\w+)\s*}}/g)].map((m) => m[1]).sort()

describe.each(LOCALES)('what the browser gets of the catalogue %s', (locale) => {
  const catalogue = catalogues[locale]
  it('has the messages of English and no other', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(catalogues.en).sort())
  })
  it('has placeholders that are names, the same as in English', () => {
    for (const [id, message] of Object.entries(catalogue)) {
      for (const text of Object.values(forms(message))) {
        expect(text.replace(/{{\s*\.\w+\s*}}/g, ''), id).not.toMatch(/{{|}}/)
      }
      expect(holes(forms(message).other ?? ''), id).toEqual(holes(forms(catalogues.en[id]).other ?? ''))
    }
  })
  it('has no message that only the server says', () => {
    expect(Object.keys(catalogue).filter((id) => /^(problem|paper|setting|cli)\./.test(id))).toEqual([])
  })
})

describe('a message', () => {
  const plural = { 'x.n': { one: '{{.Count}} dossier', other: '{{.Count}} dossiers' }, 'x.name': 'By {{.Name}}.' }
  it('takes the plural form of its language', () => {
    const { t } = createI18n('en', plural)
    expect(t('x.n' as never, { Count: 1 })).toBe('1 dossier')
    expect(t('x.n' as never, { Count: 1234 })).toBe('1,234 dossiers')
  })
  it('isolates what is put into right-to-left text', () => {
    expect(createI18n('ar', plural).t('x.name' as never, { Name: 'Wuyuan (CN)' })).toBe('By \u2068Wuyuan (CN)\u2069.')
  })
  it('that the server chose and we do not know is shown as it is', () => {
    expect(createI18n('en', catalogues.en).word('registration.status.', 'not-a-status')).toBe('not-a-status')
  })
})

describe('a value', () => {
  it('is shown in the tenant’s zone when it is an instant, and in none when it is a day', () => {
    const { instant, day } = createI18n('en', catalogues.en, 'Asia/Shanghai')
    expect(instant('2026-03-02T20:20:00Z')).toMatch(/3 Mar 2026.*04:20/)
    expect(day('2026-03-02')).toBe('2 Mar 2026')
  })
  it('has Latin digits in Arabic, as in the registers beside it', () => {
    expect(createI18n('ar', catalogues.ar).number(1234)).toBe('1,234')
  })
  it('names a market by our own name before the platform’s', () => {
    expect(createI18n('zh-Hans', catalogues['zh-Hans']).market('TW')).toBe('中国台湾')
    expect(createI18n('en', catalogues.en).market('FR')).toBe('France')
    expect(createI18n('en', catalogues.en).market('not a code')).toBe('not a code')
  })
})

it.each([
  [{ 'zh-Hans': '五原', en: 'Wuyuan' }, 'en', 'Wuyuan'],
  [{ 'zh-Hant': '五原' }, 'zh-Hans', '五原'],
  [{ 'zh-Hans': '五原', en: 'Wuyuan' }, 'ar', 'Wuyuan'],
  [{ 'zh-Hans': '五原' }, 'ar', '五原'],
  [undefined, 'ar', ''],
])('of the texts %o a reader of %s gets %s', (texts, language, want) => {
  expect(pick(texts as Record<string, string> | undefined, language)).toBe(want)
})

it('every message that the workspace names is shipped to the browser', () => {
  const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
  const named = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/'(page\.[a-z.-]+[a-z])'/g)].map((m) => m[1] ?? ''),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((id) => !(id in catalogues.en))).toEqual([])
})

it('every message that is said before somebody is signed in is at the door', async () => {
  const sources = import.meta.glob<string>(
    [
      '../app/states.tsx',
      '../features/identity/SignInPage.tsx',
      './{LanguageSelect,LinkButton,Logo,Page,ProblemAlert,atFields,theme}.{ts,tsx}',
    ],
    { query: '?raw', import: 'default', eager: true },
  )
  const named = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/'(web\.[a-z.-]+[a-z])'/g)].map((m) => m[1] ?? ''),
  )
  const door = await loadCatalogue('ar', false)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((id) => !(id in door))).toEqual([])
  expect(Object.keys(door).length).toBeLessThan(Object.keys(catalogues.ar).length / 10)
})
