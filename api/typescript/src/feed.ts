import { sha256Hex } from './canonical.js'
import { body, type Client, pause, Refused } from './client.js'
import { verifyProof } from './log.js'
import type { components } from './schema.js'

export type Change = components['schemas']['Change']

/** A content does not have the hash that was published. */
export class Altered extends Error {}
/** What the feed shows is not in the transparency log. */
export class Unlogged extends Error {}
/** The feed lacks the record that every reader finds: something is switched off, filtered, or pointed elsewhere. */
export class Silent extends Error {}

/** A change, and the position to go on from once it is done. */
export type Followed = { change: Change; position: number }

type Following = {
  /** The position that was kept; 0 is the beginning. */
  after?: number
  /** Go on at the head and wait for what comes; otherwise follow ends there. */
  wait?: boolean
  kind?: string
  publisher?: string
  signal?: AbortSignal
}

const WAIT_SECONDS = 30
const ROUND_ABOUT = 200

/**
 * The change feed from a position on, in order. Keep `position` after you have done what the change says, in the same
 * transaction if you can: then a program that was killed goes on without loss and without doubles.
 */
export async function* follow(client: Client, how: Following = {}): AsyncGenerator<Followed> {
  let after = how.after ?? 0
  for (;;) {
    const query = { after, limit: ROUND_ABOUT, kind: how.kind, publisher: how.publisher, wait: how.wait ? WAIT_SECONDS : 0 }
    // The operation also answers in lines and events; without asking for them the answer is a page.
    const page = (await body(
      client.GET('/api/v1/changes', { params: { query }, signal: how.signal }),
    )) as components['schemas']['ChangePage']
    for (const change of page.items) yield { change, position: change.seq }
    after = page.position
    if (after >= page.head && !how.wait) return
  }
}

/** Whether a change brings a content; otherwise it takes the record away. */
export const holds = (c: Change): boolean =>
  (c.event === 'publish' || c.event === 'reveal') && c.publication?.content !== undefined && !c.publication.withdrawnAt

/**
 * Believes nothing of a change: the hash of its content is computed again, and must stand in the log that the key signs.
 * It returns false for what may no longer be read: nothing is kept that is not proved.
 */
export async function verify(client: Client, change: Change, logKey: string): Promise<boolean> {
  const p = change.publication
  if (!p || !holds(change)) return false
  if ((await sha256Hex(p.content)) !== p.sha256) throw new Altered(`change ${change.seq}`)
  const proof = await proofOf(client, change.publicationId)
  if (!proof) return false
  const sealed = proof.salt && proof.opened ? { salt: proof.salt, opened: proof.opened } : undefined
  const { entry } = await verifyProof(proof.proof, logKey, sealed)
  const says = entry as { publication?: string; sha256?: string }
  if (says.publication !== change.publicationId || says.sha256 !== p.sha256) throw new Unlogged(`change ${change.seq}`)
  return true
}

const PROOF_TRIES = 20

/** The proof of a publication; it waits for an entry that has no place yet, and is nothing for what is concealed by now. */
async function proofOf(client: Client, id: string) {
  for (let tries = 1; ; tries++) {
    try {
      return await body(client.GET('/api/v1/publications/{id}/proof', { params: { path: { id } } }))
    } catch (e) {
      if (e instanceof Refused && e.code === 'log.not-logged') return undefined
      if (!(e instanceof Refused) || e.code !== 'log.not-yet' || tries === PROOF_TRIES) throw e
    }
    await pause(0.5)
  }
}

/** Records as they hold, by `publisher/kind/recordId`. */
export type Held = Map<string, Change>

/**
 * Brings a copy up to the head of the feed and returns the position to go on from. Every content is verified; a feed
 * without the canary throws Silent.
 */
export async function hold(client: Client, logKey: string, copy: Held, after = 0): Promise<number> {
  let position = after
  for await (const f of follow(client, { after })) {
    const key = `${f.change.publisher.slug}/${f.change.kind}/${f.change.recordId}`
    if (await verify(client, f.change, logKey)) copy.set(key, f.change)
    else copy.delete(key)
    position = f.position
  }
  if (![...copy.values()].some((c) => c.kind === 'canary')) throw new Silent('the feed has no canary')
  return position
}
