// Checks a credential (VC-JOSE) or a certificate that carries one, in the browser: the same rules as `helianthus verify`,
// in the same order. See the documentation of the package credential for them. Nothing is sent by this file.

const CORE = 'https://www.w3.org/ns/credentials/v2'
const MAX_TOKEN = 512 << 10
const MAX_PAPER = 32 << 20
const MAX_CARRIED = 4 << 20
const MAX_BITS = 1 << 20
const LENGTH = 131072
const SKEW = 5 * 60_000
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const PURPOSES = ['revocation', 'suspension']
const SEAL = /helianthus-seal:([0-9a-f]{16}):([A-Za-z0-9_-]{86})/g

/** A file that is no credential and carries none. */
export class NoCredential extends Error {}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const bytesOf = (text) => new TextEncoder().encode(text)
const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('')
const sha256 = async (bytes) => hex(await crypto.subtle.digest('SHA-256', bytes))

/** JSON in the canonical form of RFC 8785. */
function canonical(v) {
  if (Array.isArray(v)) return `[${v.map(canonical).join(',')}]`
  if (v === null || typeof v !== 'object') return JSON.stringify(v)
  return `{${Object.keys(v)
    .sort()
    .map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)
    .join(',')}}`
}

/** base64url without padding, of which there is one spelling only; null for another. */
function base64url(text) {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    if (btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') !== text) return null
    return Uint8Array.from(binary, (c) => c.charCodeAt(0))
  } catch {
    return null
  }
}

/** The JSON of bytes that are in canonical form, undefined for others. */
function canonicalJSON(bytes) {
  try {
    const text = strict.decode(bytes)
    const v = JSON.parse(text)
    return canonical(v) === text ? v : undefined
  } catch {
    return undefined
  }
}

/** A token taken apart, null when it is not of the form. Nothing in it is believed before a signature fits. */
function parse(text) {
  if (text.length > MAX_TOKEN || !FORM.test(text)) return null
  const parts = text.split('.')
  const [head, body, signature] = parts.map(base64url)
  if (!head || !body || !signature) return null
  const header = canonicalJSON(head)
  const claims = canonicalJSON(body)
  if (!header || claims === undefined || Object.keys(header).sort().join() !== 'alg,cty,kid,typ') return null
  if (
    header.typ !== 'vc+jwt' ||
    header.cty !== 'vc' ||
    !['EdDSA', 'ES256'].includes(header.alg) ||
    typeof header.kid !== 'string'
  )
    return null
  return { header, claims, message: bytesOf(`${parts[0]}.${parts[1]}`), signature }
}

/** The key of a DID document in the form of WebCrypto; its kind decides the algorithm. */
export async function importKey(jwk) {
  const x = base64url(jwk.x)
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519' && x?.length === 32)
    return { algorithm: 'EdDSA', key: await crypto.subtle.importKey('raw', x, { name: 'Ed25519' }, false, ['verify']) }
  const y = base64url(jwk.y ?? '')
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || x?.length !== 32 || y?.length !== 32)
    throw new TypeError('no key of ours')
  const point = new Uint8Array([4, ...x, ...y])
  return {
    algorithm: 'ES256',
    key: await crypto.subtle.importKey('raw', point, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']),
  }
}

/** Whether a signature of 64 bytes is that of a key. */
export async function fits(key, message, signature) {
  if (signature.length !== 64) return false
  const how = key.algorithm === 'EdDSA' ? { name: 'Ed25519' } : { name: 'ECDSA', hash: 'SHA-256' }
  return crypto.subtle.verify(how, key.key, signature, message)
}

async function keyOf(trust, id) {
  const issuer = trust.items.find((i) => i.did === id.split('#')[0])
  const method = issuer?.document.verificationMethod.find((m) => m.id === id && m.controller === issuer.did)
  return method ? { issuer, ...(await importKey(method.publicKeyJwk)) } : null
}

const signedBy = async (token, key) =>
  key.algorithm === token.header.alg && (await fits(key, token.message, token.signature))
const isText = (v) => typeof v === 'string'
const time = (v) => (isText(v) && INSTANT.test(v) ? Date.parse(v) : Number.NaN)

/** What a credential says of itself, null when it breaks a rule of the form. */
function claimed(token) {
  const c = token.claims
  const did = token.header.kid.split('#')[0]
  const mine = c?.certificate
  if (c?.['@context']?.[0] !== CORE || !Array.isArray(c.type) || !c.type.includes('VerifiableCredential')) return null
  if (c.type.includes('BitstringStatusListCredential') || !mine || c.issuer?.id !== did || !c.id || !isText(c.id))
    return null
  const from = time(c.validFrom)
  const until = c.validUntil === undefined ? null : time(c.validUntil)
  if (Number.isNaN(from) || Number.isNaN(until) || (until !== null && until < from)) return null
  if (!c.credentialSubject || Object.keys(c.credentialSubject).length === 0) return null
  const lists = {}
  for (const s of c.credentialStatus ?? []) {
    const index = Number(s.statusListIndex)
    if (
      s.type !== 'BitstringStatusListEntry' ||
      !s.statusListCredential ||
      String(index) !== s.statusListIndex ||
      !(index >= 0 && index < 1 << 24)
    )
      return null
    lists[s.statusPurpose] = { address: s.statusListCredential, index }
  }
  if (Object.keys(lists).sort().join() !== PURPOSES.join()) return null
  return {
    id: c.id,
    number: mine.number,
    title: mine.title,
    kind: mine.record.kind,
    issuer: did,
    officer: mine.decidingOfficer,
    facts: [...(mine.facts ?? []), ...(mine.legalBasis ?? [])],
    language: mine.language,
    algorithm: token.header.alg,
    demo: mine.demo,
    from,
    until,
    lists,
    publication: mine.record.publication,
    record: mine.record.sha256,
  }
}

/** Unpacks one byte more than is allowed at most, so that a bomb costs no more than a file; null when it cannot be read. */
async function unpack(bytes, format, limit) {
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader()
    const parts = []
    let size = 0
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      parts.push(step.value)
      size += step.value.length
      if (size > limit) {
        await reader.cancel()
        return null
      }
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer())
  } catch {
    return null
  }
}

/** A status list that was verified with the keys of one issuer; null for anything else. */
async function readList(text, trust, did) {
  const token = parse(text.trim())
  const key = token?.header.kid.startsWith(`${did}#`) ? await keyOf(trust, token.header.kid) : null
  if (!key || !(await signedBy(token, key))) return null
  const c = token.claims
  const s = c?.credentialSubject
  if (
    c?.issuer?.id !== did ||
    c['@context']?.[0] !== CORE ||
    !c.type?.includes('BitstringStatusListCredential') ||
    s?.type !== 'BitstringStatusList'
  )
    return null
  const [from, until] = [time(c.validFrom), time(c.validUntil)]
  const packed = isText(s.encodedList) && s.encodedList.startsWith('u') ? base64url(s.encodedList.slice(1)) : null
  const bits = packed && (await unpack(packed, 'gzip', MAX_BITS))
  if (!bits || bits.length < LENGTH / 8 || Number.isNaN(from) || Number.isNaN(until)) return null
  return { address: c.id, purpose: s.statusPurpose, from, until, set: (i) => (bits[i >> 3] & (0x80 >> (i & 7))) !== 0 }
}

/** Those lists that say to be the credential's; which is to be proved. */
function among(kept, claims) {
  const named = Object.values(claims.lists).map((l) => l.address)
  return kept.map((text) => text.trim()).filter((text) => named.includes(parse(text)?.claims?.id))
}

function found(report, finding) {
  report.verdict = 'altered'
  report.findings.push(finding)
  return report
}

async function status(report, evidence, trust, now) {
  const newest = {}
  for (const text of [...evidence.lists, ...among(evidence.kept, report.claims)]) {
    const l = await readList(text, trust, report.claims.issuer)
    const place = l && report.claims.lists[l.purpose]
    if (!place || place.address !== l.address || l.from > now + SKEW || (evidence.fresh && now > l.until))
      return found(report, 'list')
    if (!(newest[l.purpose]?.from >= l.from)) newest[l.purpose] = l
  }
  const set = {}
  for (const [purpose, l] of Object.entries(newest)) {
    set[purpose] = l.set(report.claims.lists[purpose].index)
    report.asOf = Math.min(report.asOf ?? l.from, l.from)
  }
  report.fresh = evidence.fresh && Object.keys(newest).length === PURPOSES.length
  if (set.revocation) report.verdict = 'withdrawn'
  else if (report.claims.until !== null && now > report.claims.until)
    Object.assign(report, {
      verdict: 'withdrawn',
      cause: 'expired',
      since: new Date(report.claims.until).toISOString(),
    })
  else report.verdict = set.suspension ? 'suspended' : 'valid'
  return report
}

/** Whether the attested version stands in a log that one trusts; without a key of one nothing is said. */
async function logged(report, evidence, trust, log) {
  const keys = (await Promise.all((trust.log?.keys ?? []).map(log.readKey))).filter(Boolean)
  if (!evidence.proof || keys.length === 0) return
  for (const key of keys) {
    const p = await log.proves(evidence.proof, key, evidence.opening)
    const { event, publication, sha256, publisher } = p?.entry ?? {}
    const { claims } = report
    if (event !== 'publish' || publication !== claims.publication || sha256 !== claims.record) continue
    if (publisher !== claims.slug) continue
    report.logged = p.index
    return
  }
  found(report, 'proof')
}

/** Checks a token with what goes with it: evidence is {lists, fresh, kept, proof, opening}, trust an answer of GET /api/v1/issuers. */
async function verifyToken(text, evidence, trust, now, log) {
  if (!FORM.test(text)) throw new NoCredential()
  const report = {
    verdict: 'altered',
    findings: [],
    sha256: await sha256(bytesOf(text)),
    claims: null,
    asOf: null,
    fresh: false,
  }
  const token = parse(text)
  const claims = token && claimed(token)
  if (!claims) return found(report, 'form')
  report.claims = claims
  const key = await keyOf(trust, token.header.kid)
  if (!key) return { ...report, verdict: 'unknown-issuer' }
  if (!(await signedBy(token, key))) return found(report, 'signature')
  Object.assign(claims, { slug: key.issuer.slug, issuerNames: key.issuer.names })
  if (claims.from > now + SKEW) found(report, 'time')
  await logged(report, evidence, trust, log)
  await status(report, evidence, trust, now)
  if (report.findings.length > 0) report.verdict = 'altered'
  return report
}

/** The bytes as text of as many characters, in which one can search. */
const latin = (bytes) => {
  const parts = []
  for (let i = 0; i < bytes.length; i += 32768) parts.push(String.fromCharCode(...bytes.subarray(i, i + 32768)))
  return parts.join('')
}

/** What a paper carries; each attachment is a stream whose dictionary stands in the open. */
async function carriedBy(bytes, text) {
  const c = { token: '', lists: [], proof: '', opening: null }
  for (let at = text.indexOf('/EmbeddedFile'); at >= 0; ) {
    const head = text.slice(at, at + 2048)
    const start = /stream\r?\n/.exec(head)
    const begin = text.lastIndexOf('obj', at)
    if (!start || begin < 0 || head.slice(0, start.index).includes('endobj')) {
      at = text.indexOf('/EmbeddedFile', at + 13)
      continue
    }
    const dictionary = text.slice(begin, at + start.index)
    const first = at + start.index + start[0].length
    const length = /\/Length (\d{1,9})\b/.exec(dictionary)
    if (length && first + Number(length[1]) <= bytes.length) {
      const raw = bytes.subarray(first, first + Number(length[1]))
      const body = dictionary.includes('/FlateDecode') ? await unpack(raw, 'deflate', MAX_CARRIED) : raw
      if (body && body.length <= MAX_CARRIED) take(c, new TextDecoder().decode(body).trim())
    }
    at = text.indexOf('/EmbeddedFile', first)
  }
  if (!c.token) throw new NoCredential()
  return c
}

function take(c, text) {
  if (text.startsWith('c2sp.org/tlog-proof@v1')) c.proof = `${text}\n`
  else if (text.startsWith('{"opened"')) c.opening = JSON.parse(text)
  else if (FORM.test(text)) {
    if (parse(text)?.claims?.type?.includes('BitstringStatusListCredential')) c.lists.push(text)
    else if (!c.token) c.token = text
  }
}

/** Whether a paper is as its issuer sealed it. */
async function sealed(bytes, text, trust, did) {
  const seals = [...text.matchAll(SEAL)]
  if (seals.length === 0 || seals.length > 2 || seals.some((s) => s[0] !== seals[0][0])) return false
  const [, id, signature] = seals[0]
  const raw = base64url(signature)
  const key = await keyOf(trust, `${did}#${id}`)
  if (!raw || !key || key.algorithm !== 'EdDSA') return false
  const emptied = Uint8Array.from(bytes)
  for (const s of seals) emptied.fill(0x30, s.index + s[0].length - 86, s.index + s[0].length)
  return fits(key, bytesOf(`helianthus certificate paper v1\n${id}:${await sha256(emptied)}`), raw)
}

export const isPaper = (bytes) => latin(bytes.subarray(0, 5)) === '%PDF-'
export const isToken = (bytes) => latin(bytes.subarray(0, 2)) === 'ey'

/** The token that a QR code holds in digits: two bytes are five of them, a last one alone three; see digitsOf in link.go. */
export async function fromDigits(digits) {
  const bytes = (digits.match(/\d{5}|\d{3}$/g) ?? []).flatMap((d) => (d.length === 5 ? [d >> 8, d & 255] : [Number(d)]))
  const text = latin((await unpack(Uint8Array.from(bytes), 'deflate-raw', MAX_TOKEN)) ?? new Uint8Array())
  const [head, claims] = text.split('\n', 2)
  const signature = text.slice((head?.length ?? 0) + (claims?.length ?? 0) + 2)
  const written = (part) => btoa(part).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return [head ?? '', claims ?? '', signature].map(written).join('.')
}

/**
 * Checks a file: a paper or a token. fresh are the status lists of now; without any, those of the paper count, and those
 * that were kept from another day, whichever are newer. log is the module log.js.
 */
export async function verify(bytes, { fresh, kept }, trust, now, log) {
  const lists = fresh.length > 0 ? { lists: fresh, fresh: true, kept: [] } : { lists: [], fresh: false, kept }
  if (!isPaper(bytes)) return verifyToken(latin(bytes).trim(), lists, trust, now, log)
  if (bytes.length > MAX_PAPER) throw new NoCredential()
  const text = latin(bytes)
  const c = await carriedBy(bytes, text)
  const evidence = { ...lists, lists: lists.fresh ? fresh : c.lists, proof: c.proof, opening: c.opening }
  const report = await verifyToken(c.token, evidence, trust, now, log)
  report.paper = true
  if (report.verdict !== 'unknown-issuer' && !(await sealed(bytes, text, trust, report.claims?.issuer ?? '')))
    found(report, 'paper')
  return report
}
