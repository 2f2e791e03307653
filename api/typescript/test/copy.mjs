// Keeps a copy of a running house as a partner's program does, lies to it in each way that a house or somebody between could,
// and prints what came of it. The Go test (internal/mirror) starts the house and judges.
import { connect, follow, hold, signing, verifyProof } from '../dist/index.js'

const { URL: url, LOG_KEY: key, CLIENT_ID: clientId, CLIENT_SECRET: secret, KEY_ID: keyId, PRIVATE_KEY: pkcs8 } = process.env
// This machine must sign each request.
const own = await crypto.subtle.importKey('pkcs8', Buffer.from(pkcs8, 'base64'), 'Ed25519', false, ['sign'])
const send = signing(keyId, own)
const house = { url, clientId, secret, fetch: send }
const client = connect(house)

const copy = new Map()
let position = 0
// Killed after three changes, it goes on from the position that it kept.
for await (const f of follow(client)) {
  if (f.position > 0) position = f.position
  break
}
const first = position
position = await hold(client, key, copy)
const resumed = await hold(client, key, copy, position)

/** A house that lies: `change` sees every answer of an address that fits. */
const lying = (fits, change) =>
  connect({
    ...house,
    fetch: async (input, init) => {
      const res = await send(input, init)
      const address = typeof input === 'string' ? input : input.url
      if (!res.ok || !fits.test(address)) return res
      return new Response(change(await res.text()), { status: res.status, headers: { 'Content-Type': 'application/json' } })
    },
  })
const attempt = async (c) => {
  try {
    await hold(c, key, new Map())
    return 'believed'
  } catch (e) {
    return e.constructor.name
  }
}
const json = (f) => (text) => JSON.stringify(f(JSON.parse(text)))
const lies = {
  content: await attempt(
    lying(/changes/, json((page) => {
      for (const c of page.items) if (c.publication?.content) c.publication.content.name = 'somewhere else'
      return page
    })),
  ),
  silence: await attempt(lying(/changes/, json((page) => ({ ...page, items: page.items.filter((c) => c.kind !== 'canary') })))),
  proof: await attempt(lying(/proof$/, json((p) => ({ ...p, proof: p.proof.replace(/^index .*$/m, 'index 0').replace(/^extra .*$/m, `extra ${btoa('{}')}`) })))),
  signature: await attempt(lying(/proof$/, json((p) => ({ ...p, proof: p.proof.replace(/(— \S+ .{20})./, (all, before) => before + (all.endsWith('A') ? 'B' : 'A')) })))),
}
let other = ''
try {
  const one = [...copy.values()][0]
  const { data } = await client.GET('/api/v1/publications/{id}/proof', { params: { path: { id: one.publicationId } } })
  await verifyProof(data.proof, key.replace(/^[^+]+/, 'somebody.example/log'))
  other = 'believed'
} catch (e) {
  other = e.constructor.name
}
const held = Object.fromEntries([...copy].map(([k, c]) => [k, c.publication.version]))
const status = await client.GET('/api/v1/status', { params: { query: { name: 'x', market: 'XA' } } })
console.log(JSON.stringify({ first, position, resumed, held, lies: { ...lies, key: other }, status: status.data?.answer }))
