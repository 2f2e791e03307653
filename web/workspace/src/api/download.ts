import { isProblem } from './client'
import { Refusal } from './problem'

/** The forms in which a whole list can be had as a file, by the ending of the file's name; XML of some lists only. */
export const FORMS = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  xml: 'application/xml',
}
export type Form = keyof typeof FORMS

/** Where a list is, what of it is chosen, and which fields its columns are. */
export type List = {
  path: string
  filter: Record<string, string | boolean | undefined>
  fields: string[]
  xml?: boolean
}

/** Keeps a whole list as a file. A link would not do: the form is chosen by a header. */
export async function download({ path, filter, fields }: List, form: Form) {
  const asked = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, `${value}`]],
  )
  if (form === 'xlsx' || form === 'csv') asked.push(['fields', fields.join()]) // the others have all of each record
  await keep(`${path}?${new URLSearchParams(asked)}`, `${path.split('/')[3]}.${form}`, { Accept: FORMS[form] })
}

/** Keeps an answer as a file of that name, with headings in the language of the page. */
export async function keep(address: string, name: string, accept: { Accept?: string } = {}) {
  const headers = { ...accept, 'Accept-Language': document.documentElement.lang }
  const response = await fetch(address, { headers }).catch(() => {
    throw new Refusal(0, undefined)
  })
  if (!response.ok) {
    const problem: unknown = await response.json().catch(() => undefined)
    throw new Refusal(response.status, isProblem(problem) ? problem : undefined)
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
