import type { Texts } from '../../ui/i18n'
import type { Call, CostKind, Source } from './calls'

/** A call as its form holds it, so that problems find their fields: the empty as empty, countries in one line, the share in percent. */
export type Values = {
  kind: Call['kind']
  titles: Texts
  texts: Texts
  topics: string[]
  countries: string
  window: { opens: string; closes: string; zone: string }
  places: number | string
  currency: string
  budgets: { source: Source; amount: string }[]
  rules: { shareBp: number | string; ceiling: string; eligible: CostKind[] }
  criteria: { code: string; names: Texts; weight: number | string }[]
  documents: { code: string; names: Texts }[]
  blind: boolean
  objectionDays: number | string
}

/** Where most of those who keep calls are, and what they pay in. */
const ZONE = 'Asia/Shanghai'
const CURRENCY = 'CNY'

export const valuesOf = (c?: Call): Values => ({
  kind: c?.kind ?? 'fair',
  titles: c?.titles ?? {},
  texts: c?.texts ?? {},
  topics: c?.topics ?? [],
  countries: (c?.countries ?? []).join(', '),
  window: c?.window ?? { opens: '', closes: '', zone: ZONE },
  places: c?.places ?? 10,
  currency: c?.currency ?? CURRENCY,
  budgets: c?.budgets ?? [{ source: 'county', amount: '' }],
  rules: {
    shareBp: (c?.rules.shareBp ?? 5000) / 100 || '',
    ceiling: Number(c?.rules.ceiling) ? (c?.rules.ceiling ?? '') : '',
    eligible: c?.rules.eligible ?? ['booth'],
  },
  criteria: c?.criteria ?? [{ code: '', names: {}, weight: 50 }],
  documents: c?.documents ?? [],
  blind: c?.blind ?? false,
  objectionDays: c?.objectionDays ?? 7,
})

/** Another's call, of which money and criteria may be unknown. */
export const unknownOf = (): Values => ({
  ...valuesOf(),
  budgets: [],
  rules: { shareBp: '', ceiling: '', eligible: [] },
  criteria: [],
})

export const countriesIn = (text: string) => text.toUpperCase().match(/\b[A-Z]{2}\b/g) ?? []

/** Browsers leave out seconds that are none. */
const toTheSecond = (clock: string) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(clock) ? `${clock}:00` : clock)

const said = (texts: Texts): Texts => Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim()))

/** Programs name criteria and documents by a code. Whoever writes a call need not: what has none gets the next number that is free. */
function coded<T extends { code: string }>(rows: T[], begin: string): T[] {
  const taken = new Set(rows.map((r) => r.code))
  let next = 1
  const free = () => {
    while (taken.has(`${begin}-${next}`)) next++
    return `${begin}-${next++}`
  }
  return rows.map((r) => (r.code ? r : { ...r, code: free() }))
}

export const callOf = (v: Values): Call => ({
  kind: v.kind,
  titles: said(v.titles),
  ...(Object.keys(said(v.texts)).length > 0 && { texts: said(v.texts) }),
  ...(v.topics.length > 0 && { topics: v.topics }),
  countries: countriesIn(v.countries),
  window: { opens: toTheSecond(v.window.opens), closes: toTheSecond(v.window.closes), zone: v.window.zone.trim() },
  places: Number(v.places),
  currency: v.currency.trim().toUpperCase(),
  budgets: v.budgets.map((b) => ({ ...b, amount: b.amount.trim() })),
  rules: { ...v.rules, shareBp: Math.round(Number(v.rules.shareBp) * 100), ceiling: v.rules.ceiling.trim() || '0' },
  criteria: coded(v.criteria, 'criterion').map((c) => ({ ...c, names: said(c.names), weight: Number(c.weight) })),
  ...(v.documents.length > 0 && {
    documents: coded(v.documents, 'document').map((d) => ({ ...d, names: said(d.names) })),
  }),
  blind: v.blind,
  objectionDays: Number(v.objectionDays),
})

/**
 * Where the form lacks something that the browser can see by itself. A text in several languages has no field of its own: what it lacks is
 * at its first language.
 */
export function lacking(v: Values): string[] {
  const texts: [string, Texts][] = [
    ['titles', v.titles],
    ...v.criteria.map((c, i): [string, Texts] => [`criteria.${i}.names`, c.names]),
    ...v.documents.map((d, i): [string, Texts] => [`documents.${i}.names`, d.names]),
  ]
  return [
    ...texts
      .filter(([, text]) => Object.keys(said(text)).length === 0)
      .map(([path, text]) => `${path}.${Object.keys(text)[0] ?? 'zh-Hans'}`),
    ...(['opens', 'closes'] as const).filter((at) => !v.window[at]).map((at) => `window.${at}`),
  ]
}
