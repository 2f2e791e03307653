// Runs the page's checker: node agree.mjs credential.js log.js cases.json, prints what it says of each.
import { readFileSync } from 'node:fs'

const load = (file) => import(`data:text/javascript,${encodeURIComponent(readFileSync(file, 'utf8'))}`)
const { NoCredential, fromDigits, verify } = await load(process.argv[2])
const log = await load(process.argv[3])
const { trust, now, cases } = JSON.parse(readFileSync(process.argv[4], 'utf8'))
const said = {}
for (const [name, c] of Object.entries(cases)) {
  try {
    const file = c.digits ? new TextEncoder().encode(await fromDigits(c.digits)) : Buffer.from(c.file, 'base64')
    const r = await verify(file, { fresh: c.fresh, kept: c.kept }, trust, now, log)
    said[name] = { verdict: r.verdict, findings: r.findings, cause: r.cause ?? '', asOf: r.asOf ?? 0, logged: r.logged ?? -1 }
  } catch (e) {
    said[name] = { verdict: e instanceof NoCredential ? 'not-a-credential' : `error: ${e}`, findings: [], cause: '', asOf: 0, logged: -1 }
  }
}
console.log(JSON.stringify(said))
