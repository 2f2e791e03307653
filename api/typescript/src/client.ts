import createClient, { type Client as Calls, type Middleware } from 'openapi-fetch'
import type { paths } from './schema.js'

/** Where the house is, and as whom to speak; without an id, as everybody. */
export type House = {
  /** `https://gi.example` */
  url: string
  clientId?: string
  secret?: string
  /** The language of messages, BCP 47. */
  language?: string
  fetch?: typeof globalThis.fetch
}

/** Typed calls of every operation: `client.GET('/api/v1/status', { params: { query: { name, market } } })`. */
export type Client = Calls<paths>

/** A refusal: `code` is stable, the message is in the language that was asked for. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${status} ${code}: ${message}`)
  }
}

const MOST_TRIES = 5

/** A client that gets its tokens by itself and waits when it is told to slow down. */
export function connect(house: House): Client {
  const send = house.fetch ?? globalThis.fetch
  const base = house.url.replace(/\/$/, '')
  let token: Promise<string> | undefined

  const renew = async (): Promise<string> => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: house.clientId ?? '',
      client_secret: house.secret ?? '',
    })
    const res = await send(`${base}/api/v1/token`, { method: 'POST', body: form })
    const answer = (await res.json()) as { access_token?: string; code?: string; message?: string }
    if (!res.ok || !answer.access_token) throw new Refused(res.status, answer.code ?? '', answer.message ?? '')
    return answer.access_token
  }

  const patiently = async (request: Request): Promise<Response> => {
    for (let tries = 1; ; tries++) {
      const own = request.clone()
      if (house.clientId) {
        token ??= renew()
        own.headers.set('Authorization', `Bearer ${await token}`)
      }
      const res = await send(own)
      if (tries === MOST_TRIES) return res
      if (res.status === 401 && house.clientId && tries === 1) token = undefined
      else if (res.status === 429) await pause(Number(res.headers.get('Retry-After') ?? 1), request.signal)
      else return res
      await res.body?.cancel()
    }
  }

  const calls = createClient<paths>({ baseUrl: base, fetch: patiently })
  const language: Middleware = {
    onRequest({ request }) {
      if (house.language) request.headers.set('Accept-Language', house.language)
      return request
    },
  }
  calls.use(language)
  return calls
}

/** Waits some seconds, or until the signal says that nobody waits any more. */
export const pause = (seconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done, stop) => {
    const timer = setTimeout(done, seconds * 1000)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      stop(signal.reason)
    })
  })

/** The body of an answer, or the refusal as an error. */
export async function body<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer
  if (data !== undefined) return data
  const p = (error ?? {}) as { code?: string; message?: string }
  throw new Refused(response.status, p.code ?? '', p.message ?? '')
}
