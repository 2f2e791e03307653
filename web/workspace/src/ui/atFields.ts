import { place, Refusal } from '../api/problem'

type Form = { getValues: () => object; setErrors: (errors: Record<string, string>) => void }

/** What a form does with a refusal: each detail goes to the field of the form that it names. */
export const atFields = (form: Form) => (error: unknown) => {
  if (error instanceof Refusal) form.setErrors(place(error.problem, (path) => path in form.getValues()).errors)
}
