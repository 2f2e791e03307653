// The page /verify: what is chosen, pasted or scanned is read here, checked by package.js and credential.js, and never sent.
const card = document.getElementById('check')
const [{ NoPackage, verify }, credential, log, { fact, keep, kept, keptLists }] = await Promise.all(
  ['core', 'credential', 'log', 'offline'].map((name) => import(card.dataset[name])),
)

const byId = (id) => document.getElementById(id)
const [file, keyFile, pasted, busy, facts] = ['file', 'keys', 'pasted', 'busy', 'facts'].map(byId)
const language = document.documentElement.lang
const formats = language === 'ar' ? 'ar-u-nu-latn' : language
const clock = new Intl.DateTimeFormat(formats, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(formats, { numeric: 'auto' })
card.hidden = false
file.addEventListener('change', () => check(chosen))
keyFile.addEventListener('change', () => check(chosen))
byId('paste').addEventListener('submit', (e) => {
  e.preventDefault()
  check(() => new TextEncoder().encode(pasted.value.replace(/\s/g, '')))
})
addEventListener('hashchange', fromLink)

const chosen = async () => (file.files.length > 0 ? new Uint8Array(await file.files[0].arrayBuffer()) : null)

/** An instant, and how long ago that was. */
function instant(t) {
  const minutes = Math.round((new Date(t) - Date.now()) / 60_000)
  const [n, unit] =
    Math.abs(minutes) < 60
      ? [minutes, 'minute']
      : Math.abs(minutes) < 2880
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day']
  return `${clock.format(new Date(t))} (${relative.format(n, unit)})`
}

/** Whom one trusts, {list, at, live}: a file of one's own, or what this house says or said. */
async function trusted(path) {
  if (keyFile.files.length > 0)
    return { list: JSON.parse(await keyFile.files[0].text()), at: keyFile.files[0].lastModified, live: false }
  const f = await fact(path)
  if (!f) throw new NoPackage('no-keys')
  return { list: await f.answer.json(), at: f.at, live: f.live }
}

/** What the publisher says of a package; a key file of one's own means that nobody shall be asked. */
async function ask(sha256) {
  if (keyFile.files.length > 0) return null
  const answer = await fetch(`/api/v1/packages/${sha256}`).catch(() => null)
  if (answer?.status === 404) return 'unknown'
  return answer?.ok ? answer.json() : null
}

function faultOf(e) {
  if (e instanceof NoPackage) return e.fault
  if (e instanceof credential.NoCredential) return 'not-a-package'
  return e?.name === 'NotSupportedError' ? 'old-browser' : 'no-keys'
}

async function check(read) {
  show(null, {})
  busy.hidden = false
  try {
    const bytes = await read()
    if (bytes === null) {
      busy.hidden = true
      return
    }
    if (credential.isPaper(bytes) || credential.isToken(bytes)) await checkCredential(bytes)
    else {
      const keys = await trusted('/api/v1/keys')
      const lists = (await kept('/api/v1/withdrawn-packages'))?.items ?? []
      const report = await verify(bytes, keys.list.items, ask, lists)
      show(report.verdict, { ...report, keysAt: keys.at, asOf: report.asked ? Date.now() : report.asOf })
    }
  } catch (e) {
    show(faultOf(e), {})
  }
  busy.hidden = true
}

/** Nobody is asked when one brought a file of one's own; without an answer the newest lists count that are known, with their day. */
async function checkCredential(bytes) {
  const trust = await trusted('/api/v1/issuers')
  const kept = await keptLists()
  const say = (lists) => credential.verify(bytes, lists, trust.list, Date.now(), log)
  const first = await say({ fresh: [], kept })
  if (keyFile.files.length > 0 || ['altered', 'unknown-issuer'].includes(first.verdict))
    return showCredential(first, trust)
  const found = await Promise.all(Object.values(first.claims.lists).map((l) => fact(new URL(l.address).pathname)))
  const live = found.every((f) => f?.live)
  const report = live ? await say({ fresh: await Promise.all(found.map((f) => f.answer.text())), kept: [] }) : first
  if (report.cause || !['withdrawn', 'suspended'].includes(report.verdict)) return showCredential(report, trust)
  const why = await fetch(`/api/v1/credential-statuses/${report.sha256}`).catch(() => null)
  const { cause, reason, since } = why?.ok ? await why.json() : {}
  showCredential({ ...report, cause, reason, since }, trust)
}

function showCredential(report, trust) {
  show(`credential-${report.verdict}`, {})
  const known = !['altered', 'unknown-issuer'].includes(report.verdict)
  const ended = ['withdrawn', 'suspended'].includes(report.verdict)
  const claims = known ? report.claims : {}
  const names = claims.issuerNames ?? {}
  fill({
    findings: report.findings,
    cause: report.cause,
    number: claims.number,
    title: claims.title,
    issuer: names[language] ?? names.en ?? claims.slug,
    officer: claims.officer,
    from: claims.from && instant(claims.from),
    since: report.since && instant(report.since),
    reason: report.reason,
    asOf: known && report.asOf && instant(report.asOf),
    logged: known && report.logged !== undefined && String(report.logged),
    issuersAt: instant(trust.at),
  })
  attested(claims)
  byId('demo').hidden = !claims.demo
  byId('no-status').hidden = !known || report.fresh
  byId('no-why').hidden = !ended || Boolean(report.cause)
}

/** What the credential says of its record, in the reader's language or the record's own. */
function attested({ facts = [], language: own }) {
  const place = byId('attested')
  place.hidden = facts.length === 0
  const lines = facts.flatMap(({ key, texts = {}, code }) => {
    const tag = [language, own, ...Object.keys(texts)].find((t) => texts[t])
    const label = place.querySelector(`[data-label="${CSS.escape(key)}"]`)?.textContent ?? key
    const said = document.createElement('bdi')
    if (tag) said.lang = tag
    said.textContent = [texts[tag], code].filter(Boolean).join(' · ')
    const dd = document.createElement('dd')
    dd.append(said)
    return [Object.assign(document.createElement('dt'), { textContent: label }), dd]
  })
  place.querySelector('dl').replaceChildren(...lines)
}

/** Writes facts into a card; what is not known is not shown. */
function tell(place, said) {
  for (const value of place.querySelectorAll('[data-fact]')) {
    const text = said[value.dataset.fact] || ''
    value.textContent = text
    const dd = value.closest('dd')
    dd.hidden = dd.previousElementSibling.hidden = text === ''
  }
}

/** Fills the card of a credential. */
function fill({ findings = [], cause, ...said }) {
  const place = byId('credential')
  place.hidden = false
  for (const p of place.querySelectorAll('[data-finding]')) p.hidden = !findings.includes(p.dataset.finding)
  for (const p of place.querySelectorAll('[data-cause]')) p.hidden = p.dataset.cause !== cause
  tell(place, said)
  for (const id of ['attested', 'demo', 'no-status', 'no-why']) byId(id).hidden = true
}

function show(verdict, report) {
  byId('credential').hidden = true
  for (const s of document.querySelectorAll('[data-verdict]')) s.hidden = s.dataset.verdict !== verdict
  facts.hidden = !report.manifest
  const names = report.issuer?.names ?? {}
  const issuer = names[language] ?? names.en ?? report.issuer?.tenant
  const times = ['issuedAt', 'since', 'asOf', 'keysAt'].map((name) => [name, report[name] && instant(report[name])])
  tell(facts, { ...report, issuer, ...Object.fromEntries(times) })
  for (const list of facts.querySelectorAll('[data-list]')) {
    const paths = report[list.dataset.list] ?? []
    list.hidden = paths.length === 0
    const lines = paths.map((path) =>
      Object.assign(document.createElement('li'), { textContent: path, className: 'mono' }),
    )
    list.querySelector('ul').replaceChildren(...lines)
  }
  byId('not-asked').hidden = report.asked !== false || verdict !== 'valid'
}

/** What the publisher says of a credential of which one has the hash only. It says nothing of the paper that shows it. */
async function checkHash(sha256) {
  const answer = await fetch(`/api/v1/credential-statuses/${sha256}`).catch(() => null)
  if (!answer?.ok) return show(answer?.status === 404 ? 'told-unknown' : 'no-keys', {})
  const said = await answer.json()
  show(`told-${said.status}`, {})
  const issuer = said.publisher.names[language] ?? said.publisher.names.en
  fill({ cause: said.cause, issuer, since: instant(said.since), reason: said.reason, asOf: instant(Date.now()) })
  byId('demo').hidden = !said.publisher.demo
}

/** A link or a scanned code: the credential stands behind the number sign, so that the browser has not sent it. */
async function fromLink() {
  const said = new URLSearchParams(location.hash.slice(1))
  const whole = said.get('credential')
  const sha256 = said.get('sha256') ?? new URLSearchParams(location.search).get('credential') // as older papers have it
  if (whole) {
    pasted.value = /^\d+$/.test(whole) ? await credential.fromDigits(whole) : whole
    byId('paste').closest('details').open = true
    await check(() => new TextEncoder().encode(pasted.value))
  } else if (/^[0-9a-f]{64}$/.test(sha256 ?? '')) await checkHash(sha256)
}

await fromLink()
await keep(({ issuers, lists }) => {
  const place = byId('kept')
  place.hidden = false
  place.querySelector('[data-kept=issuers]').textContent = `${issuers.count} · ${instant(issuers.at)}`
  const listed = lists.count > 0 ? `${lists.count} · ${instant(lists.at)}` : '0'
  place.querySelector('[data-kept=lists]').textContent = listed
}).catch(() => {}) // the page works, though not without a network
