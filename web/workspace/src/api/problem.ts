import type { components } from './schema'

export type Problem = components['schemas']['Problem']
export type ProblemDetail = components['schemas']['ProblemDetail']

/** A request that the server refused, with the problem as it put it into words, or one that never reached it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(problem?.code ?? 'unreachable')
    this.name = 'Refusal'
  }
  /** Somebody else changed the record since it was read. */
  get stale() {
    return this.status === 412
  }
}

/** A JSON pointer as the path of a form's field: `/names/0/text` is `names.0.text`, `?market` is `market`. */
export const pathOf = (pointer: string) =>
  pointer
    .replace(/^[/?]/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')

/**
 * The field that a pointer names: itself, or the nearest that it lies inside of, as an element of a list that is written
 * into one field. `isField` is told which of both is asked.
 */
export function fieldOf(pointer: string, isField: (path: string, inside: boolean) => boolean): string | undefined {
  const parts = pathOf(pointer).split('.')
  for (let n = parts.length; n > 0; n--) {
    const path = parts.slice(0, n).join('.')
    if (isField(path, n < parts.length)) return path
  }
  return undefined
}

export type Placed = { errors: Record<string, string>; rest: ProblemDetail[] }
/** Puts each detail at the field that its pointer names; what names no field of the form is the rest, to be shown beside it. */
export function place(problem: Problem | undefined, isField: (path: string, inside: boolean) => boolean): Placed {
  const placed: Placed = { errors: {}, rest: [] }
  for (const detail of problem?.details ?? []) {
    const path = fieldOf(detail.pointer, isField)
    if (path === undefined) placed.rest.push(detail)
    // Several records may be wrong in the same way, which is said once.
    else if (!placed.errors[path]?.includes(detail.message))
      placed.errors[path] = [placed.errors[path], detail.message].filter(Boolean).join(' ')
  }
  return placed
}
