const { HELIANTHUS_URL: house, HELIANTHUS_CLIENT_ID: id, HELIANTHUS_CLIENT_SECRET: secret } = process.env

const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret })
const { access_token: token } = await (await fetch(`${house}/api/v1/token`, { method: 'POST', body: form })).json()

const key = crypto.randomUUID() // one for each thing to be done; keep it until the answer is there
async function draft() {
  const answer = await fetch(`${house}/api/v1/registrations`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Idempotency-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ office: 'XA', names: [{ text: 'Test Honey', language: 'en', kind: 'original' }] }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return answer
}
console.log((await draft()).headers.get('Location'))
// Nobody knows whether an answer that did not come was done. Send it again with the same key: it is done once.
console.log('Idempotency-Replayed:', (await draft()).headers.get('Idempotency-Replayed'))
