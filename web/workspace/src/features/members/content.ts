import type { Schema } from '../../api/client'
import type { Category, Input, Member } from './queries'

type Unit = Schema['AreaUnit']

/** A member as the form holds it: every field a text, so that nothing is lost while it is half written. */
export type Values = {
  category: Category
  name: string
  creditCode: string
  idNumber: string
  representative: string
  address: string
  contacts: { name: string; role: string; phone: string; email: string }[]
  licences: { kind: string; number: string; untilOn: string }[]
  declaredArea: { value: string; unit: Unit }
  plots: { name: string; place: string; area: { value: string; unit: Unit }; geometry: string }[]
  varieties: string
  production: { year: string; tonnes: string }[]
  note: string
  language: Schema['MemberLanguage'] | ''
  reason: string
  documentIds: string[]
}

export const blank: Values = {
  category: 'grower',
  name: '',
  creditCode: '',
  idNumber: '',
  representative: '',
  address: '',
  contacts: [],
  licences: [],
  declaredArea: { value: '', unit: 'mu' },
  plots: [],
  varieties: '',
  production: [],
  note: '',
  language: '',
  reason: '',
  documentIds: [],
}

export const toValues = (m: Member): Values => ({
  category: m.category,
  name: m.name,
  creditCode: m.creditCode ?? '',
  idNumber: m.idNumber ?? '',
  representative: m.representative ?? '',
  address: m.address ?? '',
  contacts: m.contacts.map((c) => ({ name: c.name, role: c.role ?? '', phone: c.phone ?? '', email: c.email ?? '' })),
  licences: m.licences.map((l) => ({ kind: l.kind, number: l.number, untilOn: l.untilOn ?? '' })),
  declaredArea: m.declaredArea ?? { value: '', unit: 'mu' },
  plots: m.plots.map((p) => ({
    name: p.name,
    place: p.place ?? '',
    area: p.area,
    geometry: p.geometry ? JSON.stringify(p.geometry) : '',
  })),
  varieties: m.varieties.join(', '),
  production: m.production.map((p) => ({ year: String(p.year), tonnes: p.tonnes })),
  note: m.note ?? '',
  language: m.language ?? '',
  reason: '',
  documentIds: m.documentIds,
})

const said = <T extends Record<string, string>>(all: T) =>
  Object.fromEntries(Object.entries(all).filter(([, v]) => v !== '')) as Partial<T>

export const toInput = (v: Values): Input => ({
  category: v.category,
  name: v.name,
  ...said({
    creditCode: v.creditCode,
    idNumber: v.idNumber,
    representative: v.representative,
    address: v.address,
    note: v.note,
    reason: v.reason,
  }),
  ...(v.language && { language: v.language }),
  contacts: v.contacts.map(({ name, ...rest }) => ({ name, ...said(rest) })),
  licences: v.licences.map(({ kind, number, untilOn }) => ({ kind, number, ...said({ untilOn }) })),
  ...(v.declaredArea.value && { declaredArea: v.declaredArea }),
  plots: v.plots.map((p) => ({
    name: p.name,
    ...said({ place: p.place }),
    area: p.area,
    ...(p.geometry.trim() && { geometry: JSON.parse(p.geometry) as Record<string, unknown> }),
  })),
  varieties: v.varieties
    .split(/[,;，；、]+/)
    .map((x) => x.trim())
    .filter(Boolean),
  production: v.production.map((p) => ({ year: Number(p.year), tonnes: p.tonnes })),
  documentIds: v.documentIds,
})
