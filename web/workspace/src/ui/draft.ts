import type { Session } from '../api/session'

/** What somebody is filling in, kept on this device until the server has it: a line that breaks loses nothing. */
export type Draft<T> = { values: T /** The version that was being filled in. */; etag: string }

/** Where the draft of a record is. Another person at the same device has another one. */
export const draftKey = (s: Session, record: string) => `helianthus.draft.${s.tenant.slug}.${s.personId}.${record}`

export function readDraft<T>(key: string): Draft<T> | undefined {
  try {
    const text = localStorage.getItem(key)
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined // storage may be forbidden, or full of something else
  }
}

export function keepDraft<T>(key: string, draft: Draft<T>) {
  try {
    localStorage.setItem(key, JSON.stringify(draft))
  } catch {
    // As above: then there is what the server has.
  }
}

export function dropDraft(key: string) {
  try {
    localStorage.removeItem(key)
  } catch {
    // As above.
  }
}
