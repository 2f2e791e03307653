import { concat, encode, fromBase64, hex, sha256 } from './canonical.js'

/** A proof, a note or a commitment that does not hold. */
export class NotProved extends Error {}

type Key = { name: string; id: string; key: CryptoKey }

const ED25519 = 1 // the kind of key in a verifier key (C2SP signed-note)

/** Reads a verifier key, `NAME+HASH+BASE64`, and checks that its hash is its own. */
async function readKey(text: string): Promise<Key> {
  const [name = '', id = '', ...rest] = text.split('+')
  const bytes = fromBase64(rest.join('+'))
  const own = await sha256(concat(encode(`${name}\n`), bytes))
  if (bytes.length !== 33 || bytes[0] !== ED25519 || hex(own.slice(0, 4)) !== id) throw new NotProved(`${text} is no key`)
  return { name, id, key: await crypto.subtle.importKey('raw', bytes.slice(1), { name: 'Ed25519' }, false, ['verify']) }
}

/** The text of a signed note (C2SP signed-note); it throws NotProved unless the key signed it. */
export async function openNote(note: string, verifierKey: string): Promise<string> {
  const { name, id, key } = await readKey(verifierKey)
  const end = note.lastIndexOf('\n\n')
  if (end < 0) throw new NotProved('the note has no signatures')
  const text = note.slice(0, end + 1)
  for (const line of note.slice(end + 2).split('\n')) {
    const [dash, signer, base64] = line.split(' ')
    if (dash !== '—' || signer !== name || base64 === undefined) continue
    const bytes = fromBase64(base64)
    if (hex(bytes.slice(0, 4)) !== id) continue
    if (await crypto.subtle.verify({ name: 'Ed25519' }, key, bytes.slice(4), encode(text))) return text
  }
  throw new NotProved(`the note is not signed by ${name}`)
}

export type Proof = { index: number; entry: Uint8Array<ArrayBuffer>; path: Uint8Array<ArrayBuffer>[]; checkpoint: string }

/** Takes a file of C2SP tlog-proof apart. */
export function readProof(file: string): Proof {
  const gap = file.indexOf('\n\n')
  const [head, extra, index, ...path] = file.slice(0, gap).split('\n')
  const n = /^index (0|[1-9][0-9]{0,15})$/.exec(index ?? '')
  if (gap < 0 || head !== 'c2sp.org/tlog-proof@v1' || !extra?.startsWith('extra ') || !n) throw new NotProved('no proof of an entry')
  return { index: Number(n[1]), entry: fromBase64(extra.slice(6)), path: path.map(fromBase64), checkpoint: file.slice(gap + 2) }
}

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)
const node = (left: Uint8Array, right: Uint8Array) => sha256(concat(NODE, left, right))

/** The root that a leaf and the hashes beside its way make (RFC 9162, section 2.1.3.2). */
async function rootOf(p: Proof, size: number): Promise<Uint8Array> {
  if (p.index >= size) throw new NotProved('the tree ends before the entry')
  // Above 2^31 entries the bitwise operators of the language would not do.
  let fn = BigInt(p.index)
  let sn = BigInt(size - 1)
  let root = await sha256(concat(LEAF, p.entry))
  for (const beside of p.path) {
    if (sn === 0n) throw new NotProved('the proof is too long')
    if (fn & 1n || fn === sn) {
      root = await node(beside, root)
      while (!(fn & 1n) && fn !== 0n) {
        fn >>= 1n
        sn >>= 1n
      }
    } else {
      root = await node(root, beside)
    }
    fn >>= 1n
    sn >>= 1n
  }
  if (sn !== 0n) throw new NotProved('the proof is too short')
  return root
}

/**
 * Verifies a proof with the log's key and nothing else, and returns the entry and its place. Of what is not for everybody
 * the log has a commitment: give `salt` (base64) and `opened` with it.
 */
export async function verifyProof(
  file: string,
  verifierKey: string,
  sealed?: { salt: string; opened: string },
): Promise<{ entry: unknown; index: number }> {
  const p = readProof(file)
  const [, size, root] = (await openNote(p.checkpoint, verifierKey)).split('\n')
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size ?? '')) throw new NotProved('the checkpoint has no size')
  if (hex(await rootOf(p, Number(size))) !== hex(fromBase64(root ?? ''))) throw new NotProved('the entry is not in the tree')
  const entry = JSON.parse(new TextDecoder().decode(p.entry)) as { commitment?: string }
  if (!sealed) return { entry, index: p.index }
  const commitment = hex(await sha256(concat(fromBase64(sealed.salt), encode(sealed.opened))))
  if (entry.commitment !== commitment) throw new NotProved('the commitment is of something else')
  return { entry: JSON.parse(sealed.opened), index: p.index }
}
