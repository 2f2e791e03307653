import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from './client'
import { Refusal } from './problem'

export type Session = Schema['Session']

/** The session stands in the page as the server sent it, so that the first view needs no request for it. */
export function sessionInPage(): Session | null | undefined {
  const text = document.getElementById('session')?.textContent ?? ''
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the page was not filled, as under the development server
  }
}

async function read(): Promise<Session | null> {
  try {
    return await body(api.GET('/api/v1/session'))
  } catch (e) {
    if (e instanceof Refusal && e.status === 401) return null
    throw e
  }
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: read,
  initialData: sessionInPage,
  staleTime: Number.POSITIVE_INFINITY,
})

export const session = () => queryClient.ensureQueryData(sessionQuery)

/** What somebody saw must not be shown to the next one on the same machine. Called when no page of theirs is shown any more. */
export function forget() {
  queryClient.clear()
  queryClient.setQueryData(sessionQuery.queryKey, null)
}

export const signedIn = (s: Session) => {
  queryClient.clear()
  queryClient.setQueryData(sessionQuery.queryKey, s)
}

/** Whether the session's permissions hold this one. Used for what has no record yet: navigation and "new" buttons. */
export const may = (s: Session, permission: string) => s.permissions.includes(permission)

/** Who is signed in, on pages that nobody else sees. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('a page for people who are signed in was shown to somebody else')
  return data
}
