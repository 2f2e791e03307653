// Runs the page's checker over packages: node verify.mjs package.js cases.json, prints the verdicts.
import { readFileSync } from 'node:fs'

const source = readFileSync(process.argv[2], 'utf8')
const { NoPackage, verify } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
const results = []
for (const c of JSON.parse(readFileSync(process.argv[3], 'utf8'))) {
  try {
    const r = await verify(new Uint8Array(readFileSync(c.file)), c.keys, async () => c.said, c.kept.items)
    results.push({ verdict: r.verdict, changed: r.changed, missing: r.missing, added: r.added.sort(), asOf: r.asOf ?? '' })
  } catch (e) {
    results.push({ verdict: e instanceof NoPackage ? e.fault : `error: ${e}`, changed: [], missing: [], added: [], asOf: '' })
  }
}
console.log(JSON.stringify(results))
