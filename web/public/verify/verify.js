// The page /verify: the chosen file is read here, checked by package.js, and never sent.
const card = document.getElementById('check')
const { NoPackage, verify } = await import(card.dataset.core)
const credential = await import(card.dataset.credential)

const file = document.getElementById('file')
const keyFile = document.getElementById('keys')
const busy = document.getElementById('busy')
const facts = document.getElementById('facts')
card.hidden = false
file.addEventListener('change', check)
keyFile.addEventListener('change', check)

async function allKeys() {
  if (keyFile.files.length > 0) return JSON.parse(await keyFile.files[0].text()).items
  const answer = await fetch('/api/v1/keys')
  if (!answer.ok) throw new NoPackage('no-keys')
  return (await answer.json()).items
}

/** What the publisher says of a package; a key file of one's own means that nobody shall be asked. */
async function ask(sha256) {
  if (keyFile.files.length > 0) return null
  const answer = await fetch(`/api/v1/packages/${sha256}`).catch(() => null)
  if (answer?.status === 404) return 'unknown'
  return answer?.ok ? answer.json() : null
}

async function check() {
  if (file.files.length === 0) return
  show(null, {})
  busy.hidden = false
  try {
    const bytes = new Uint8Array(await file.files[0].arrayBuffer())
    if (credential.isPaper(bytes) || credential.isToken(bytes)) {
      showCredential(await checkCredential(bytes))
      busy.hidden = true
      return
    }
    const report = await verify(new Uint8Array(await file.files[0].arrayBuffer()), await allKeys(), ask)
    show(report.verdict, report)
  } catch (e) {
    show(
      e instanceof NoPackage
        ? e.fault
        : e instanceof credential.NoCredential
          ? 'not-a-package'
          : e?.name === 'NotSupportedError'
            ? 'old-browser'
            : 'no-keys',
      {},
    )
  }
  busy.hidden = true
}

/** The issuers that one trusts: those of a file of one's own, or of this house. */
async function issuers() {
  if (keyFile.files.length > 0) return JSON.parse(await keyFile.files[0].text())
  const answer = await fetch('/api/v1/issuers')
  if (!answer.ok) throw new NoPackage('no-keys')
  return answer.json()
}

/** Nobody is asked when one brought a file of one's own; without an answer the lists in the paper count, with their day. */
async function checkCredential(bytes) {
  const trust = await issuers()
  const first = await credential.verify(bytes, [], trust, Date.now())
  if (keyFile.files.length > 0 || ['altered', 'unknown-issuer'].includes(first.verdict)) return first
  const lists = await Promise.all(
    Object.values(first.claims.lists).map(async (l) => {
      const answer = await fetch(new URL(l.address).pathname).catch(() => null)
      return answer?.ok ? answer.text() : null
    }),
  )
  const report = lists.includes(null) ? first : await credential.verify(bytes, lists, trust, Date.now())
  if (report.cause || !['withdrawn', 'suspended'].includes(report.verdict)) return report
  const why = await fetch(`/api/v1/credential-statuses/${report.sha256}`).catch(() => null)
  return why?.ok
    ? { ...report, ...(({ cause, reason, since }) => ({ cause, reason, since }))(await why.json()) }
    : report
}

function showCredential(report) {
  show(`credential-${report.verdict}`, {})
  const place = document.getElementById('credential')
  place.hidden = false
  for (const p of place.querySelectorAll('[data-finding]')) p.hidden = !report.findings.includes(p.dataset.finding)
  for (const p of place.querySelectorAll('[data-cause]')) p.hidden = p.dataset.cause !== report.cause
  const known = !['altered', 'unknown-issuer'].includes(report.verdict)
  const claims = known ? report.claims : {}
  const names = claims.issuerNames ?? {}
  const at = (t) => (t ? new Date(t).toISOString() : '')
  const facts = {
    ...claims,
    issuer: names[document.documentElement.lang] ?? names.en ?? claims.slug,
    from: at(claims.from),
    since: at(report.since),
    reason: report.reason,
    asOf: at(report.asOf),
  }
  for (const dd of place.querySelectorAll('[data-fact]')) {
    const value = facts[dd.dataset.fact] ?? ''
    dd.textContent = value
    dd.closest('dd').hidden = dd.closest('dd').previousElementSibling.hidden = value === ''
  }
  document.getElementById('demo').hidden = !claims.demo
  document.getElementById('no-status').hidden = !known || report.fresh
}

function show(verdict, report) {
  document.getElementById('credential').hidden = true
  for (const s of document.querySelectorAll('[data-verdict]')) s.hidden = s.dataset.verdict !== verdict
  facts.hidden = !report.manifest
  const names = report.issuer?.names ?? {}
  const issuer = names[document.documentElement.lang] ?? names.en ?? report.issuer?.tenant
  for (const [name, value] of Object.entries({ ...report, issuer })) {
    const place = facts.querySelector(`[data-fact="${name}"]`)
    if (place) place.textContent = value ?? ''
    const list = facts.querySelector(`[data-list="${name}"]`)
    if (!list) continue
    list.hidden = value.length === 0
    list
      .querySelector('ul')
      .replaceChildren(
        ...value.map((path) => Object.assign(document.createElement('li'), { textContent: path, className: 'mono' })),
      )
  }
  document.getElementById('not-asked').hidden = report.asked !== false || verdict !== 'valid'
}
