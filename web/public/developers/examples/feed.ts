const { HELIANTHUS_URL: house, HELIANTHUS_CLIENT_ID: id, HELIANTHUS_CLIENT_SECRET: secret, AFTER } = process.env

async function ask(path, init) {
  const answer = await fetch(house + path, init)
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret })
const { access_token: token } = await ask('/api/v1/token', { method: 'POST', body: form })

let position = Number(AFTER ?? 0)
for (;;) {
  const page = await ask(`/api/v1/changes?after=${position}`, { headers: { Authorization: `Bearer ${token}` } })
  for (const change of page.items) console.log(change.seq, change.event, change.kind, change.recordId)
  position = page.position // keep it: this is where to go on
  if (position >= page.head) break
}
