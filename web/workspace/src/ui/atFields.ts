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

/** The same for a form with rows within rows: its fields are those on the page, and the first that is wrong takes the focus. */
export function useRefusalAtFields({ setErrors }: Pick<Form, 'setErrors'>, error: unknown) {
  useEffect(() => {
    if (!(error instanceof Refusal)) return
    const { errors } = place(error.problem, (path, inside) => {
      const field = document.querySelector(`[data-path="${CSS.escape(path)}"]`)
      return field !== null && (!inside || field.matches('textarea, input:not([type=checkbox])'))
    })
    setErrors(errors)
    const [first] = Object.keys(errors)
    if (first) document.querySelector<HTMLElement>(`[data-path="${CSS.escape(first)}"]`)?.focus()
  }, [error, setErrors])
}
