import { createHmac, timingSafeEqual } from 'node:crypto'
import { buffer } from 'node:stream/consumers'

/** body is what came, byte by byte: parse it afterwards. */
export function genuine(secret, headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = headers
  if (!(Math.abs(Date.now() / 1000 - Number(at)) <= 300)) return false // somebody sends an old one again
  const own = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).update(`${id}.${at}.`).update(body).digest()
  // While a secret is exchanged there are two signatures.
  return signatures.split(' ').some((one) => {
    const theirs = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return theirs.length === own.length && timingSafeEqual(theirs, own)
  })
}

const { WEBHOOK_SECRET, WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE } = process.env
const headers = { 'webhook-id': WEBHOOK_ID, 'webhook-timestamp': WEBHOOK_TIMESTAMP, 'webhook-signature': WEBHOOK_SIGNATURE }
if (!genuine(WEBHOOK_SECRET, headers, await buffer(process.stdin))) throw new Error('not from this house')
console.log('genuine')
