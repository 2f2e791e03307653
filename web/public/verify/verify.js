// The page /verify: the chosen file is read here, checked by package.js, and never sent.
const card = document.getElementById('check')
const { NoPackage, verify } = await import(card.dataset.core)

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
    const report = await verify(new Uint8Array(await file.files[0].arrayBuffer()), await allKeys(), ask)
    show(report.verdict, report)
  } catch (e) {
    show(e instanceof NoPackage ? e.fault : e?.name === 'NotSupportedError' ? 'old-browser' : 'no-keys', {})
  }
  busy.hidden = true
}

function show(verdict, report) {
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
    list.querySelector('ul').replaceChildren(
      ...value.map((path) => Object.assign(document.createElement('li'), { textContent: path, className: 'mono' })),
    )
  }
  document.getElementById('not-asked').hidden = report.asked !== false || verdict !== 'valid'
}
