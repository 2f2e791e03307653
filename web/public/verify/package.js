// Checks a data package (format helianthus-package/1) in the browser: the same rules as `helianthus verify`, in the same
// order. Nothing is sent but the SHA-256 of the manifest, to ask the publisher whether the package still holds.

const MANIFEST = 'manifest.json'
const SIGNATURE = 'manifest.sig'
const PREFIX = 'helianthus data package v1\n'
const LIST_PREFIX = 'helianthus withdrawn packages v1\n'
const MAX_FILES = 2000
const MAX_MANIFEST = 4 << 20
const MAX_TOTAL = 1 << 30
const MAX_PATH = 200

/** A file that is no data package, or beyond the limits of the format. */
export class NoPackage extends Error {
  constructor(fault) {
    super(fault)
    this.fault = fault
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const hex = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('')
const sha256 = async (bytes) => hex(await crypto.subtle.digest('SHA-256', bytes))

/** The entries of a ZIP file by its central directory; duplicates are told, since two readers could see two things. */
export function entries(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - 22
  while (end >= 0 && end > bytes.length - 22 - 65536 && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw new NoPackage('not-a-package')
  const count = view.getUint16(end + 10, true)
  if (count > MAX_FILES + 2) throw new NoPackage('too-large')
  const found = new Map()
  const twice = []
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw new NoPackage('not-a-package')
    const nameLength = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    if (found.has(name)) twice.push(name)
    found.set(name, {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return { found, twice }
}

/** The bytes of an entry, at most one more than the limit; null when they cannot be read. */
export async function content(bytes, entry, limit) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (entry.at + 30 > bytes.length || view.getUint32(entry.at, true) !== 0x04034b50) return null
  const start = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true)
  const raw = bytes.subarray(start, start + entry.packed)
  if (raw.length !== entry.packed) return null
  if (entry.method === 0) return raw.length > limit ? raw.subarray(0, limit + 1) : raw
  if (entry.method !== 8) return null
  try {
    return await inflate(raw, limit)
  } catch {
    return null
  }
}

/** Reads one byte more than is expected at most, so that a bomb costs no more than the file it stands for. */
async function inflate(raw, limit) {
  const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const parts = []
  let size = 0
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    parts.push(step.value)
    size += step.value.length
    if (size > limit) {
      await reader.cancel()
      break
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** JSON in the canonical form of RFC 8785, which is defined by what JSON.stringify does and sorted names. */
export function canonical(v) {
  if (Array.isArray(v)) return `[${v.map(canonical).join(',')}]`
  if (v === null || typeof v !== 'object') return JSON.stringify(v)
  return `{${Object.keys(v)
    .sort()
    .map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)
    .join(',')}}`
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
const isText = (v) => typeof v === 'string'
const has = (v, names) => v !== null && typeof v === 'object' && !Array.isArray(v) && Object.keys(v).sort().join() === names

function goodPath(path) {
  const bytes = new TextEncoder().encode(path).length
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (path === '' || bytes > MAX_PATH || /[\\\u0000-\u001f\u007f-\u009f]/.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** The manifest, or null when it is not exactly of the form that the format describes. */
export function manifest(raw) {
  let text, m
  try {
    text = utf8.decode(raw)
    m = JSON.parse(text)
  } catch {
    return null
  }
  if (!has(m, 'check,files,format,issuedAt,issuer,number') || canonical(m) !== text || m.format !== 'helianthus-package/1') return null
  if (!isText(m.check) || !isText(m.issuedAt) || !isText(m.number) || !Array.isArray(m.files) || m.files.length > MAX_FILES) return null
  if (!has(m.issuer, 'keyId,names,tenant') || !/^[0-9a-f]{16}$/.test(m.issuer.keyId) || !isText(m.issuer.tenant)) return null
  const seen = new Set([MANIFEST, SIGNATURE])
  let before = ''
  for (const f of m.files) {
    if (!has(f, 'mediaType,path,sha256,size,source') || !isText(f.path) || !isText(f.mediaType) || !isText(f.source)) return null
    if (!isText(f.sha256) || !/^[0-9a-f]{64}$/.test(f.sha256) || !Number.isSafeInteger(f.size) || f.size < 0) return null
    if (!goodPath(f.path) || seen.has(f.path.toLowerCase()) || byBytes(before, f.path) > 0) return null
    seen.add(f.path.toLowerCase())
    before = f.path
  }
  return m
}

/** The order of paths is that of their bytes in UTF-8, which is the order of code points. */
function byBytes(a, b) {
  const x = Array.from(a, (c) => c.codePointAt(0))
  const y = Array.from(b, (c) => c.codePointAt(0))
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i] - y[i]
  return x.length - y.length
}

async function signed(prefix, raw, signature, key) {
  const message = new Uint8Array([...new TextEncoder().encode(prefix), ...raw])
  const bytes = fromBase64(key.publicKey)
  if (hex(await crypto.subtle.digest('SHA-256', bytes)).slice(0, 16) !== key.keyId) return false
  const known = await crypto.subtle.importKey('raw', bytes, { name: 'Ed25519' }, false, ['verify'])
  return crypto.subtle.verify({ name: 'Ed25519' }, known, signature, message)
}

/** The key with that id, when it may have signed what says that it is of that publisher and instant. */
function keyOf(keys, id, slug, at) {
  const key = keys.find((k) => k.keyId === id && k.publisher.slug === slug)
  return key?.retiredAt && Date.parse(at) > Date.parse(key.retiredAt) ? undefined : key
}

/** What the publisher's lists of withdrawn packages say, items of GET /api/v1/withdrawn-packages: of when the newest is, and
 * whether the package was taken back. One that was not signed by the publisher, or is older than the package, says nothing. */
async function listed(report, lists, keys) {
  const said = {}
  for (const { statement, keyId, signature } of lists) {
    const raw = new TextEncoder().encode(statement)
    const list = JSON.parse(statement)
    const key = list.issuer === report.issuer.tenant && keyOf(keys, keyId, list.issuer, list.at)
    if (!key || list.format !== 'helianthus-withdrawn-packages/1' || Date.parse(list.at) < Date.parse(report.issuedAt)) continue
    if (!(await signed(LIST_PREFIX, raw, fromBase64(signature), key))) continue
    if (!(Date.parse(said.asOf) >= Date.parse(list.at))) said.asOf = list.at
    const one = list.packages.find((p) => p.sha256 === report.manifest)
    if (one) Object.assign(said, { verdict: 'withdrawn', since: one.withdrawnAt, reason: one.reason })
  }
  return said
}

/** Hashes every listed file and notes what does not fit. Sizes that the ZIP declares are not trusted. */
async function compare(report, m, bytes, found) {
  let total = 0
  for (const f of m.files) {
    total += f.size
    if (total > MAX_TOTAL) throw new NoPackage('too-large')
    const entry = found.get(f.path)
    if (!entry) {
      report.missing.push(f.path)
      continue
    }
    const body = await content(bytes, entry, f.size)
    if (!body || body.length !== f.size || (await sha256(body)) !== f.sha256) report.changed.push(f.path)
  }
  if (!found.has(SIGNATURE)) report.missing.push(SIGNATURE)
  const listed = new Set([MANIFEST, SIGNATURE, ...m.files.map((f) => f.path)])
  for (const name of found.keys()) if (!listed.has(name)) report.added.push(name)
}

/**
 * Checks a package. keys are the items of GET /api/v1/keys; ask gets the SHA-256 of the manifest and returns what the
 * publisher says: {status}, `unknown` when it has no record of it, null when it could not be asked. Then its lists count
 * that somebody kept, the items of GET /api/v1/withdrawn-packages.
 */
export async function verify(bytes, keys, ask, lists = []) {
  const { found, twice } = entries(bytes)
  const first = found.get(MANIFEST)
  const raw = first && (await content(bytes, first, MAX_MANIFEST))
  if (!raw) throw new NoPackage('not-a-package')
  if (raw.length > MAX_MANIFEST) throw new NoPackage('too-large')
  const report = { verdict: 'altered', changed: [], missing: [], added: [...twice], manifest: await sha256(raw), asked: false }
  const m = manifest(raw)
  if (!m) return { ...report, changed: [MANIFEST] }
  Object.assign(report, { number: m.number, issuer: m.issuer, issuedAt: m.issuedAt })
  await compare(report, m, bytes, found)
  const key = keyOf(keys, m.issuer.keyId, m.issuer.tenant, m.issuedAt)
  if (key) {
    const signature = found.has(SIGNATURE) && (await content(bytes, found.get(SIGNATURE), 64))
    if (!signature || signature.length !== 64 || !(await signed(PREFIX, raw, signature, key))) report.changed.push(MANIFEST)
  }
  if (report.changed.length + report.missing.length + report.added.length > 0) return report
  if (!key) return { ...report, verdict: 'unknown-issuer' }
  const said = await ask(report.manifest)
  report.asked = said !== null
  if (said === 'unknown') return { ...report, verdict: 'not-issued' }
  if (said?.status === 'withdrawn') return { ...report, verdict: 'withdrawn', since: said.withdrawnAt, reason: said.reason }
  return { ...report, verdict: 'valid', ...(said ? {} : await listed(report, lists, keys)) }
}
