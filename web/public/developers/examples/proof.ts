const { HELIANTHUS_URL: house, HELIANTHUS_CLIENT_ID: id, HELIANTHUS_CLIENT_SECRET: secret, HELIANTHUS_LOG_KEY: logKey } = process.env

async function ask(path, init) {
  const answer = await fetch(house + path, init)
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}
const bytes = (text) => new TextEncoder().encode(text)
const fromBase64 = (text) => Uint8Array.from(Buffer.from(text, 'base64'))
const hash = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.concat(parts)))
const hex = (b) => Buffer.from(b).toString('hex')
function must(holds, what) {
  if (!holds) throw new Error(what)
}

const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret })
const { access_token: token } = await ask('/api/v1/token', { method: 'POST', body: form })
const signedIn = { headers: { Authorization: `Bearer ${token}` } }
const publication = (await ask('/api/v1/publications?kind=registration&limit=1', signedIn)).items[0]
const { proof, salt, opened } = await ask(`/api/v1/publications/${publication.id}/proof`, signedIn)
const gap = proof.indexOf('\n\n')
const [, extra, place, ...path] = proof.slice(0, gap).split('\n')
const checkpoint = proof.slice(gap + 2)

// 1. The entry names the content's hash. Of what is not for everybody it is a commitment: the hash of salt and opened.
const entry = fromBase64(extra.slice('extra '.length))
let says = JSON.parse(Buffer.from(entry))
if (opened !== undefined) {
  must(says.commitment === hex(await hash(fromBase64(salt), bytes(opened))), 'the commitment is of something else')
  says = JSON.parse(opened)
}
must(says.sha256 === publication.sha256, 'the entry is of another content')

// 2. The log has signed the checkpoint. Its key, NAME+HASH+BASE64, you took from its owner once.
const [name, , ...key] = logKey.split('+')
const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1)
const line = checkpoint.split('\n').find((l) => l.startsWith(`— ${name} `))
const publicKey = await crypto.subtle.importKey('raw', fromBase64(key.join('+')).slice(1), { name: 'Ed25519' }, false, ['verify'])
must(await crypto.subtle.verify({ name: 'Ed25519' }, publicKey, fromBase64(line.split(' ')[2]).slice(4), bytes(text)), 'the log did not sign it')

// 3. The entry and the hashes beside its way make the checkpoint's root (RFC 9162, section 2.1.3.2).
const [, size, want] = text.split('\n')
const index = BigInt(place.slice('index '.length))
let [fn, sn, root] = [index, BigInt(size) - 1n, await hash(Uint8Array.of(0), entry)]
for (const beside of path.map(fromBase64)) {
  if (fn & 1n || fn === sn) {
    root = await hash(Uint8Array.of(1), beside, root)
    for (; !(fn & 1n) && fn !== 0n; fn >>= 1n) sn >>= 1n
  } else {
    root = await hash(Uint8Array.of(1), root, beside)
  }
  fn >>= 1n
  sn >>= 1n
}
must(sn === 0n && hex(root) === hex(fromBase64(want)), 'the entry is not in the log')
console.log(`proved: entry ${index} of ${name}`)
