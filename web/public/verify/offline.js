// Keeps what /verify needs, so that the page that was loaded once checks files without a network: itself in its languages,
// and the facts that it goes by: the keys, the issuers, their status lists and what they took back. Their age is always told.

const SHELL = 'helianthus-verify-page'
const FACTS = 'helianthus-verify-facts'
const MOST_LISTS = 400 // of a house; 22 KB each when they are full
const AT_ONCE = 6
const KEEP = 5 * 60_000 // as long as a status list says that it may be kept

const open = (name) => globalThis.caches?.open(name) ?? Promise.resolve(null)
const askedAt = (answer) => Date.parse(answer.headers.get('Date') ?? '') || 0

/**
 * A fact of this house: {answer, at, live}. Without a network, or when the house is in trouble, it is the one that was kept
 * last, and live is false; null when there is none, or the house says that there is no such thing.
 */
export async function fact(path) {
  const cache = await open(FACTS)
  // What the browser itself kept for a while would pass for an answer of now.
  const answer = await fetch(path, { cache: 'no-store' }).catch(() => null)
  if (answer?.ok) {
    await cache?.put(path, answer.clone())
    return { answer, at: askedAt(answer) || Date.now(), live: true }
  }
  if (answer && answer.status < 500) return null
  const kept = await cache?.match(path)
  return kept ? { answer: kept, at: askedAt(kept), live: false } : null
}

/** A fact as it was kept last, or null; nobody is asked. */
export async function kept(path) {
  const answer = await (await open(FACTS))?.match(path)
  return answer ? answer.json() : null
}

/** The status lists that are kept, as texts. */
export async function keptLists() {
  const cache = await open(FACTS)
  const lists = (await cache?.keys())?.filter((r) => r.url.includes('/credential-status-lists/')) ?? []
  return Promise.all(lists.map(async (r) => (await cache.match(r)).text()))
}

const listPath = (id) => `/api/v1/credential-status-lists/${id}`

/** Keeps the lists of all issuers: so nobody learns which credential is checked. It returns how many, and since when. */
async function keepLists(issuers) {
  const cache = await open(FACTS)
  const paths = issuers
    .flatMap((i) => i.statusLists ?? [])
    .slice(0, MOST_LISTS)
    .map(listPath)
  const ages = []
  for (let i = 0; i < paths.length; i += AT_ONCE) {
    const part = paths.slice(i, i + AT_ONCE).map(async (path) => {
      const kept = await cache.match(path)
      const f = kept && Date.now() - askedAt(kept) < KEEP ? { at: askedAt(kept) } : await fact(path)
      if (f) ages.push(f.at)
    })
    await Promise.all(part)
  }
  return { count: ages.length, at: Math.min(...ages) }
}

/** Keeps the page in its languages with what it loads, and drops what an older page loaded. */
async function keepPage() {
  const cache = await open(SHELL)
  const addresses = new Set(['/favicon.svg'])
  for (const e of document.querySelectorAll('link[rel=stylesheet], script[src]')) addresses.add(e.href || e.src)
  for (const address of Object.values(document.getElementById('check').dataset)) addresses.add(address)
  const pages = [...document.querySelectorAll('link[hreflang]')].map((l) => `/verify?lang=${l.hreflang}`)
  // Without cookies: a page in another language shall not become the reader's choice.
  for (const page of pages) await cache.put(page, await fetch(page, { credentials: 'omit' }))
  await cache.add('/verify')
  for (const address of addresses) if (!(await cache.match(address))) await cache.add(address)
  const wanted = new Set([...addresses].map((a) => new URL(a, location.href).href))
  for (const r of await cache.keys()) if (r.url.includes('/assets/') && !wanted.has(r.url)) await cache.delete(r)
}

/**
 * Makes the page work without a network; tell gets {issuers, lists}, each {count, at}, when it does. A browser that keeps
 * nothing, or a page that was not loaded safely, goes on as it is.
 */
export async function keep(tell) {
  const issuers = await fact('/api/v1/issuers')
  if (!issuers || !globalThis.caches || !navigator.serviceWorker) return
  if (issuers.live) {
    await navigator.serviceWorker.register('/verify-worker.js', { scope: '/verify' })
    await Promise.all([keepPage(), fact('/api/v1/keys'), fact('/api/v1/withdrawn-packages')])
  }
  const all = (await issuers.answer.json()).items
  tell({ issuers: { count: all.length, at: issuers.at }, lists: await keepLists(all) })
}
