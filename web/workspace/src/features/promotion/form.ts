import type { Application, Cost, Form } from './applications'

/** A line of costs as its row holds it: the empty as empty. */
export type CostValues = Required<Cost>

/** A form as it is filled in: the team is a text, a person a line. */
export type FormValues = Required<Omit<Form, 'team' | 'costs'>> & { team: string; costs: CostValues[] }

export const costOf = (currency: string, c?: Cost): CostValues => ({
  kind: c?.kind ?? 'booth',
  text: c?.text ?? '',
  amount: c?.amount ?? '',
  currency: c?.currency ?? currency,
  rate: c?.rate ?? '',
  rateSource: c?.rateSource ?? '',
  rateOn: c?.rateOn ?? '',
})

export const formValues = ({ form: f, currency }: Pick<Application, 'form' | 'currency'>): FormValues => ({
  name: f.name ?? '',
  creditCode: f.creditCode ?? '',
  contact: f.contact ?? '',
  email: f.email ?? '',
  phone: f.phone ?? '',
  language: f.language ?? '',
  plan: f.plan ?? '',
  team: (f.team ?? []).join('\n'),
  costs: (f.costs ?? []).map((c) => costOf(currency, c)),
  papers: f.papers ?? [],
})

/** A line of costs as it is sent: a rate only where there is something to convert. */
export function costInput({ amount, rate, rateSource, rateOn, ...c }: CostValues, currency: string): Cost {
  const code = c.currency.trim().toUpperCase()
  return {
    ...c,
    currency: code,
    ...(amount.trim() && { amount: amount.trim() }),
    ...(code !== currency && {
      ...(rate.trim() && { rate: rate.trim() }),
      ...(rateSource.trim() && { rateSource }),
      ...(rateOn && { rateOn }),
    }),
  }
}

export function formInput(v: FormValues, currency: string): Form {
  const { team, costs, papers, language, ...texts } = v
  return {
    ...texts,
    ...(language && { language }),
    team: team
      .split('\n')
      .map((name) => name.trim())
      .filter(Boolean),
    costs: costs.map((c) => costInput(c, currency)),
    papers,
  }
}

export const STEPS = ['applicant', 'plan', 'costs', 'papers', 'check'] as const
export type Step = (typeof STEPS)[number]

/** The step on which a field is. */
export function stepOf(path: string): Step {
  const [field = ''] = path.split('.')
  if (field === 'plan' || field === 'team') return 'plan'
  if (field === 'costs') return 'costs'
  return field === 'papers' ? 'papers' : 'applicant'
}
