import { useEffect } from 'react'
import { place, Refusal } from '../api/problem'

type Form = { getValues: () => object; setErrors: (errors: Record<string, string>) => void }

/** What a form does with a refusal: each detail goes to the field of the form that it names. */
export const atFields = (form: Form) => (error: unknown) => {
  if (error instanceof Refusal) form.setErrors(place(error.problem, (path) => path in form.getValues()).errors)
}

/** The same for a form with rows within rows: its fields are those on the page, and the first that is wrong takes the focus. */
export function useRefusalAtFields({ setErrors }: Pick<Form, 'setErrors'>, error: unknown) {
  useEffect(() => {
    if (!(error instanceof Refusal)) return
    const { errors } = place(
      error.problem,
      (path) => document.querySelector(`[data-path="${CSS.escape(path)}"]`) !== null,
    )
    setErrors(errors)
    const [first] = Object.keys(errors)
    if (first) document.querySelector<HTMLElement>(`[data-path="${CSS.escape(first)}"]`)?.focus()
  }, [error, setErrors])
}
