// Runs the page's checker: node agree.mjs credential.js cases.json, prints what it says of each.
import { readFileSync } from 'node:fs'

const source = readFileSync(process.argv[2], 'utf8')
const { NoCredential, verify } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
const { trust, now, cases } = JSON.parse(readFileSync(process.argv[3], 'utf8'))
const said = {}
for (const [name, c] of Object.entries(cases)) {
  try {
    const r = await verify(new TextEncoder().encode(c.file), c.fresh, trust, now)
    said[name] = { verdict: r.verdict, findings: r.findings, cause: r.cause ?? '' }
  } catch (e) {
    said[name] = { verdict: e instanceof NoCredential ? 'not-a-credential' : `error: ${e}`, findings: [], cause: '' }
  }
}
console.log(JSON.stringify(said))
