import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import createClient, { type Middleware } from 'openapi-fetch'
import { type Problem, Refusal } from './problem'
import type { components, paths } from './schema'

export type Schema = components['schemas']

/** Answers come in the language of the page. */
const language: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', document.documentElement.lang)
    return request
  },
}

export const api = createClient<paths, 'application/json' | 'application/geo+json'>({
  // The client would keep the fetch that it saw when it was made.
  fetch: (request) => globalThis.fetch(request),
})
api.use(language)

type Answer<T> = { data?: T; error?: unknown; response: Response }

async function answered<T>(asked: Promise<Answer<T>>): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>
  try {
    answer = await asked
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new Refusal(0, undefined)
  }
  const { data, error, response } = answer
  if (!response.ok) throw new Refusal(response.status, isProblem(error) ? error : undefined)
  return { data: data as T, response }
}

export const isProblem = (x: unknown): x is Problem => typeof x === 'object' && x !== null && 'code' in x

/** The body of an answer; a refusal is thrown. */
export const body = async <T>(asked: Promise<Answer<T>>): Promise<T> => (await answered(asked)).data

export type Versioned<T> = { record: T; etag: string }
/** The body together with the version that a change must name. */
export async function versioned<T>(asked: Promise<Answer<T>>): Promise<Versioned<T>> {
  const { data, response } = await answered(asked)
  return { record: data, etag: response.headers.get('ETag') ?? '' }
}

/** Asking again helps when the server could not be reached or is busy, never when it refused. */
const again = (count: number, e: Error) => count < 2 && e instanceof Refusal && (e.status === 0 || e.status >= 502)

let expired = () => {}
/** Sets what happens when the server no longer knows the session. */
export const onExpired = (f: () => void) => {
  expired = f
}
const watch = (e: unknown) => {
  if (e instanceof Refusal && e.problem?.code === 'session.needed') expired()
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: { queries: { staleTime: 15_000, retry: again }, mutations: { retry: false } },
})
