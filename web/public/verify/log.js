// Checks a proof of the transparency log (C2SP tlog-proof) in the browser: that an entry stands in a tree whose checkpoint
// the log signed. Nothing is sent by this file.

const ED25519 = 1 // the kind of key in a verifier key (C2SP signed-note)
const bytesOf = (text) => new TextEncoder().encode(text)
const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()))

/** A log's key, written NAME+HASH+BASE64; null for one that we cannot read. */
export async function readKey(verifier) {
  try {
    const [name, id, ...rest] = verifier.split('+')
    const bytes = fromBase64(rest.join('+'))
    if (bytes.length !== 33 || bytes[0] !== ED25519) return null
    if (hex((await sha256(bytesOf(`${name}\n`), bytes)).slice(0, 4)) !== id) return null
    return {
      name,
      id,
      key: await crypto.subtle.importKey('raw', bytes.slice(1), { name: 'Ed25519' }, false, ['verify']),
    }
  } catch {
    return null
  }
}

/** The text of a signed note when the key signed it; else null. */
async function opened(note, { name, id, key }) {
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  for (const line of end < 0 ? [] : note.slice(end + 2).split('\n')) {
    const [dash, signer, base64] = line.split(' ')
    if (dash !== '—' || signer !== name || !base64) continue
    const signature = fromBase64(base64)
    if (hex(signature.slice(0, 4)) !== id) continue
    if (await crypto.subtle.verify({ name: 'Ed25519' }, key, signature.slice(4), bytesOf(text))) return text
  }
  return null
}

const node = (left, right) => sha256(Uint8Array.of(1), left, right)

/** The root that an entry and the hashes beside its way make, null when their number is wrong (RFC 9162, section 2.1.3.2). */
async function rootOf(entry, index, size, path) {
  if (index >= size) return null
  // Above 2^31 entries the bitwise operators of the language would not do.
  let fn = BigInt(index)
  let sn = BigInt(size - 1)
  let root = await sha256(Uint8Array.of(0), entry)
  for (const beside of path) {
    if (sn === 0n) return null
    if (fn & 1n || fn === sn) {
      root = await node(beside, root)
      while (!(fn & 1n) && fn !== 0n) {
        fn >>= 1n
        sn >>= 1n
      }
    } else root = await node(root, beside)
    fn >>= 1n
    sn >>= 1n
  }
  return sn === 0n ? root : null
}

async function checked(file, key, opening) {
  const gap = file.indexOf('\n\n')
  const [head, extra, index, ...path] = file.slice(0, gap).split('\n')
  const place = /^index (0|[1-9][0-9]{0,15})$/.exec(index ?? '')
  if (gap < 0 || head !== 'c2sp.org/tlog-proof@v1' || !extra?.startsWith('extra ') || !place) return null
  const text = await opened(file.slice(gap + 2), key)
  const [, size, top] = (text ?? '').split('\n')
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size ?? '')) return null
  const entry = fromBase64(extra.slice(6))
  const root = await rootOf(entry, Number(place[1]), Number(size), path.map(fromBase64))
  if (!root || hex(root) !== hex(fromBase64(top ?? ''))) return null
  const says = JSON.parse(new TextDecoder().decode(entry))
  if (!opening) return { entry: says, index: Number(place[1]) }
  // Of what is not for everybody the log has a commitment.
  if (says.commitment !== hex(await sha256(fromBase64(opening.salt), bytesOf(opening.opened)))) return null
  return { entry: JSON.parse(opening.opened), index: Number(place[1]) }
}

/** What a proof proves with a key of the log, {entry, index}; null for a proof of nothing. */
export const proves = (file, key, opening) => checked(file, key, opening).catch(() => null)
