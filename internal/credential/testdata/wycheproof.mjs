// Runs the page's verifier over Wycheproof's cases: node wycheproof.mjs credential.js vectors.json, prints what it takes.
import { readFileSync } from 'node:fs'

const source = readFileSync(process.argv[2], 'utf8')
const { fits, importKey } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
const bytes = (text) => Uint8Array.from(Buffer.from(text, 'base64'))
const taken = []
for (const v of JSON.parse(readFileSync(process.argv[3], 'utf8'))) {
  try {
    taken.push(await fits(await importKey(v.jwk), bytes(v.message), bytes(v.signature)))
  } catch {
    taken.push(false)
  }
}
console.log(JSON.stringify(taken))
