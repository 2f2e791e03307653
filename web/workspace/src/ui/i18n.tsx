// The browser reads the same go-i18n catalogues as the server. There is no library in between: plural forms are the
// platform's, and placeholders are names only (a test of the catalogues keeps it so).
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import type english from '../../../../i18n/en.json'
import { reckonIn } from './today'

/** What only the server puts into words (catalogue.ts) never reaches the browser: whoever asks for it here is told when it is compiled. */
type ServerOnly =
  `${'problem' | 'cli' | 'setting' | 'paper' | 'promotion-paper' | 'promotion-report' | 'package' | 'access' | 'segment' | 'field'}.${string}`
export type MessageId = Exclude<keyof typeof english, ServerOnly>
type Forms = Partial<Record<Intl.LDMLPluralRule, string>>
/** What the build leaves of a catalogue: a text, or the plural forms of one. */
export type Catalogue = Partial<Record<string, string | Forms>>
/** A text by language tag, as records hold it. */
export type Texts = Record<string, string>

/** The last three are of partners: they have the words of what partners see, and English for the rest. */
export const LOCALES = ['zh-Hans', 'en', 'ar', 'fr', 'ru', 'es'] as const
export type Locale = (typeof LOCALES)[number]

/** Arabic with Latin digits: registers, numbers and codes are read beside their originals. */
const FORMAT: Record<Locale, string> = {
  'zh-Hans': 'zh-Hans-CN',
  en: 'en-GB',
  ar: 'ar-u-nu-latn',
  fr: 'fr-FR',
  ru: 'ru-RU',
  es: 'es-ES',
}
const LOADERS: Record<Locale, () => Promise<{ default: unknown }>> = {
  'zh-Hans': () => import('../../../../i18n/zh-Hans.json'),
  en: () => import('../../../../i18n/en.json'),
  ar: () => import('../../../../i18n/ar.json'),
  fr: () => import('../../../../i18n/fr.json'),
  ru: () => import('../../../../i18n/ru.json'),
  es: () => import('../../../../i18n/es.json'),
}
/** The words before somebody is signed in, a tenth of all: the sign-in page comes soon on a slow line. */
const DOORS: Record<Locale, () => Promise<{ default: unknown }>> = {
  'zh-Hans': () => import('../../../../i18n/zh-Hans.json?door'),
  en: () => import('../../../../i18n/en.json?door'),
  ar: () => import('../../../../i18n/ar.json?door'),
  fr: () => import('../../../../i18n/fr.json?door'),
  ru: () => import('../../../../i18n/ru.json?door'),
  es: () => import('../../../../i18n/es.json?door'),
}

export const loadCatalogue = async (locale: Locale, whole = true) =>
  (await (whole ? LOADERS : DOORS)[locale]()).default as Catalogue
export const isLocale = (x: unknown): x is Locale => LOCALES.some((l) => l === x)
const RTL = /^(ar|fa|he|ur|ug)\b/
export const directionOf = (language: string): 'rtl' | 'ltr' => (RTL.test(language) ? 'rtl' : 'ltr')
/** A language's name in that language. */
export const ownName = (language: string) =>
  new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language

/** Picks the text that a reader of this language understands best. */
export function pick(texts: Texts | undefined, language: string): string {
  if (!texts) return ''
  const base = language.split('-')[0] ?? language
  const near = Object.keys(texts).find((l) => l.split('-')[0] === base)
  return texts[language] ?? (near && texts[near]) ?? texts.en ?? Object.values(texts)[0] ?? ''
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

function formatters(tag: string, timeZone: string) {
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent' })
  const rate = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 2 })
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' })
  const month = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', timeZone: 'UTC' })
  const instant = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const clock = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
  /** An exact decimal amount: texts are taken as they are (ES2023), and never made binary fractions. */
  const money = (amount: string, currency: string) =>
    new Intl.NumberFormat(tag, { style: 'currency', currency }).format(amount as unknown as bigint)
  const bytes = (n: number) => {
    const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, n)) / 3))
    const style = { style: 'unit', unit: UNITS[power], unitDisplay: 'short', maximumFractionDigits: 1 } as const
    return new Intl.NumberFormat(tag, style).format(n / 1000 ** power)
  }
  return {
    number: (n: number) => number.format(n),
    percent: (share: number) => percent.format(share),
    /** A rate in percent, to hundredths. */
    rate: (hundred: number) => rate.format(hundred / 100),
    /** A day, without a time: the same in every zone. */
    day: (iso: string) => day.format(new Date(iso)),
    /** The month of a day. */
    month: (iso: string) => month.format(new Date(iso)),
    /** An instant, in the tenant's zone. */
    instant: (iso: string) => instant.format(new Date(iso)),
    /** What a clock somewhere shows, to the second, without a zone. */
    clock: (local: string) => clock.format(new Date(`${local}Z`)),
    bytes,
    money,
  }
}

export function createI18n(locale: Locale, catalogue: Catalogue, timeZone = 'Asia/Shanghai') {
  const tag = FORMAT[locale]
  const plural = new Intl.PluralRules(tag)
  const regions = new Intl.DisplayNames([tag], { type: 'region', fallback: 'none' })
  const languages = new Intl.DisplayNames([tag], { type: 'language', fallback: 'none' })
  const format = formatters(tag, timeZone)
  // In right-to-left text every inserted value is isolated (FSI … PDI), else a Latin name reorders its neighbours.
  const [open, shut] = directionOf(locale) === 'rtl' ? ['\u2068', '\u2069'] : ['', '']
  const fill = (text: string, values: Record<string, string | number>) =>
    text.replace(/{{\s*\.(\w+)\s*}}/g, (_, name: string) => {
      const value = values[name] ?? ''
      return `${open}${typeof value === 'number' ? format.number(value) : value}${shut}`
    })

  const t = (id: MessageId, values: Record<string, string | number> = {}): string => {
    const m = catalogue[id]
    if (m === undefined) return id
    if (typeof m === 'string') return fill(m, values)
    const count = values.Count
    const form = typeof count === 'number' ? m[plural.select(count)] : undefined
    return fill(form ?? m.other ?? id, values)
  }
  /** The message of a word that the server chose, `registration.status.` + `filed`; the word itself when it is new to us. */
  const word = (prefix: string, value: string) => {
    const id = prefix + value
    return id in catalogue ? t(id as MessageId) : value
  }
  return {
    ...format,
    locale,
    dir: directionOf(locale),
    t,
    word,
    /** A country or union by its ST.3 code. Our own names come first: platforms disagree, and some are wrong in places. */
    market: (code: string) => {
      const own = word('market.', code)
      return own !== code ? own : (/^[A-Z]{2}$/.test(code) && regions.of(code)) || code
    },
    language: (code: string) => {
      const own = word('language.', code)
      return own !== code ? own : (languages.of(code) ?? code)
    },
    text: (texts: Texts | undefined) => pick(texts, locale),
    /** What a permission `registration:publish`, or an entry `registration.publish` of the audit trail, is about and does. */
    deed: (code: string) => {
      const [object = '', act = ''] = code.split(/[:.]/)
      return [word('permission.object.', object), word('permission.act.', act)].join(' · ')
    },
  }
}

export type I18n = ReturnType<typeof createI18n> & {
  choose: (locale: Locale) => Promise<void>
  /** Whether all words are there, or those of the door only; then `complete` brings the others. */
  whole: boolean
  complete: () => Promise<void>
  setZone: (timeZone: string) => void
}
const Context = createContext<I18n | null>(null)

export function useI18n(): I18n {
  const c = useContext(Context)
  if (!c) throw new Error('no I18nProvider above')
  return c
}

const KEPT = 'helianthus.locale'
function kept(): string | null {
  const onPublicPages = document.cookie.match(/(?:^|; )lang=([\w-]+)/)?.[1] ?? null // they keep it so
  try {
    return localStorage.getItem(KEPT) ?? onPublicPages
  } catch {
    return onPublicPages // storage may be forbidden
  }
}
/** Whether somebody chose a language on this device. */
export const isKept = () => kept() !== null

/** The session's language, which the server wrote into the page; for others the one chosen on this device, or the browser's. */
export function firstLocale(signedIn: boolean): Locale {
  const page = document.documentElement.lang
  const near = LOCALES.find((l) => l.split('-')[0] === navigator.language.split('-')[0])
  return [signedIn && page, kept(), page, near].find(isLocale) ?? 'zh-Hans'
}

function keep(locale: Locale) {
  try {
    localStorage.setItem(KEPT, locale)
  } catch {
    // As above.
  }
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Firefox ESR
  document.cookie = `lang=${locale}; path=/; max-age=31536000; samesite=lax` // the public pages read it
}

/** The document speaks the language of its content: screen readers, fonts and requests (api/client) go by it. */
export function speak(locale: Locale) {
  document.documentElement.lang = locale
  document.documentElement.dir = directionOf(locale)
}

type Spoken = { locale: Locale; catalogue: Catalogue; whole: boolean }
type ProviderProps = { locale: Locale; catalogue: Catalogue; whole?: boolean; zone?: string; children: ReactNode }

export function I18nProvider({ locale, catalogue, whole = true, zone: first, children }: ProviderProps) {
  const [spoken, setSpoken] = useState<Spoken>({ locale, catalogue, whole })
  const [zone, setZone] = useState(first)
  const value = useMemo<I18n>(() => {
    reckonIn(zone) // before a form is rendered that begins with today
    const change = async (locale: Locale, whole: boolean) => {
      const catalogue = await loadCatalogue(locale, whole)
      speak(locale) // before anything is rendered or asked for in the new language
      setSpoken({ locale, catalogue, whole })
    }
    const choose = (locale: Locale) => change(locale, spoken.whole).then(() => keep(locale))
    const complete = () => change(spoken.locale, true)
    return { ...createI18n(spoken.locale, spoken.catalogue, zone), whole: spoken.whole, choose, complete, setZone }
  }, [spoken, zone])
  useEffect(() => speak(spoken.locale), [spoken.locale])
  return <Context value={value}>{children}</Context>
}
