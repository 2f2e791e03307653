import { useEffect } from 'react'
import { place, Refusal } from '../api/problem'

type Form = { getValues: () => object; setErrors: (errors: Record<string, string>) => void }

/** What a form does with a refusal: each detail goes to the field of the form that it names. */
export const atFields = (form: Form) => (error: unknown) => {
  if (!(error instanceof Refusal)) return
  const values: Record<string, unknown> = { ...form.getValues() }
  const isField = (path: string, inside: boolean) => path in values && (!inside || typeof values[path] === 'string')
  form.setErrors(place(error.problem, isField).errors)
}

/** The field of the page that has a path, or the first of an object's: a text in some languages, an area with its unit. */
function onPage(path: string) {
  const name = CSS.escape(path)
  const exact = document.querySelector<HTMLElement>(`[data-path="${name}"]`)
  if (exact) return exact
  const parts = [...document.querySelectorAll<HTMLElement>(`[data-path^="${name}."]`)]
  return parts.find((part) => !/^\d/.test(part.dataset.path?.slice(path.length + 1) ?? '0'))
}

/** The same for a form with rows within rows: its fields are those on the page, and the first that is wrong takes the focus. */
export function useRefusalAtFields({ setErrors }: Pick<Form, 'setErrors'>, error: unknown) {
  useEffect(() => {
    if (!(error instanceof Refusal)) return
    const { errors } = place(error.problem, (path, inside) => {
      const field = onPage(path)
      if (inside) return field?.dataset.path === path && field.matches('textarea, input:not([type=checkbox])')
      return field !== undefined
    })
    // What is wrong with an object is said at the field that it is written into.
    const shown = Object.entries(errors).map(([path, said]) => [onPage(path)?.dataset.path ?? path, said])
    setErrors({ ...errors, ...Object.fromEntries(shown) })
    const [first] = Object.keys(errors)
    if (first) onPage(first)?.focus()
  }, [error, setErrors])
}
