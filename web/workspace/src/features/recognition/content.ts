import type { Texts } from '../../ui/i18n'
import type { Instrument, InstrumentInput, InstrumentTemplate, Recognition, RecognitionInput } from './queries'

/** Leaves out what is empty. Rows of lists stay where they are: problems name them by their number. */
function filled(x: unknown): unknown {
  if (Array.isArray(x)) return x.map((row) => filled(row) ?? {})
  if (typeof x === 'object' && x !== null) {
    const kept = Object.entries(x)
      .map(([key, value]) => [key, filled(value)] as const)
      .filter(([, value]) => value !== undefined && value !== '')
    return kept.length ? Object.fromEntries(kept) : undefined
  }
  return x
}

/** A recognition as its form holds it: everything there, the empty as empty. */
export type RecognitionValues = Required<Omit<RecognitionInput, 'registration' | 'limits'>> & {
  limits: Texts
  registration: RecognitionInput['registration']
}

export const recognitionValues = (r?: Recognition, instrumentId = ''): RecognitionValues => ({
  market: r?.market ?? '',
  originOffice: r?.originOffice ?? 'CN',
  name: r?.name ?? '',
  language: r?.language ?? 'zh-Hans',
  forms: r?.forms ?? [],
  instrumentId: r?.instrumentId ?? instrumentId,
  list: r?.list ?? '',
  position: r?.position ?? '',
  protection: r?.protection ?? 'protected',
  limits: r?.limits ?? {},
  phaseOutUntil: r?.phaseOutUntil ?? '',
  from: r?.from ?? '',
  until: r?.until ?? '',
  registration: r?.registration,
  sources: r?.sources ?? [{ title: '', url: '', page: '' }],
  reason: '',
})

export const recognitionInput = (v: RecognitionValues) => filled(v) as RecognitionInput

/** An instrument as its form holds it; the parties are one line of codes. */
export type InstrumentValues = Required<Omit<InstrumentInput, 'parties'>> & { parties: string }

export const instrumentValues = (i?: Instrument): InstrumentValues => ({
  code: i?.code ?? '',
  kind: i?.kind ?? 'agreement',
  titles: i?.titles ?? {},
  parties: (i?.parties ?? []).join(', '),
  lists: i?.lists ?? [],
  scope: i?.scope ?? [],
  signedOn: i?.signedOn ?? '',
  inForceOn: i?.inForceOn ?? '',
  endedOn: i?.endedOn ?? '',
  sources: i?.sources ?? [{ title: '', url: '', page: '' }],
  texts: i?.texts ?? [],
  amendments: i?.amendments ?? [],
})

/** The form of an instrument that begins from one that comes with the house. */
export const templateValues = (from?: InstrumentTemplate): InstrumentValues => ({
  ...instrumentValues(),
  ...(from && {
    code: from.code,
    kind: from.kind,
    titles: from.titles,
    parties: from.parties.join(', '),
    lists: from.lists,
    signedOn: from.signedOn ?? '',
    inForceOn: from.inForceOn ?? '',
    sources: from.sources ?? [],
  }),
})

export const instrumentInput = ({ parties, ...v }: InstrumentValues) =>
  ({
    ...(filled(v) as object),
    parties: parties
      .toUpperCase()
      .split(/[\s,;，、]+/)
      .filter(Boolean),
  }) as InstrumentInput
