// Adds up the script that a page loads, as served, and fails when a page is over its budget.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const [dist] = process.argv.slice(2)
const KB = 1024
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

/** A module and all that it imports at once; what is imported later comes when it is needed. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found
  found.add(name)
  for (const next of manifest[name].imports ?? []) closure(next, found)
  return found
}

const size = (file) => {
  const served = [`${file}.br`, file].find((f) => readdirSync(join(dist, f, '..')).includes(f.split('/').at(-1)))
  return statSync(join(dist, served)).size
}
const ENTRY = 'index.html'
const PAGES = [
  { name: 'sign-in', budget: 160, words: '.json?door', modules: ['src/features/identity/SignInPage.tsx'] },
  {
    name: 'home',
    budget: 230,
    words: '.json',
    modules: ['src/app/Shell.tsx', 'src/app/Palette.tsx', 'src/features/home/HomePage.tsx'],
  },
]
const LOCALES = Object.keys(manifest).filter((name) => /i18n\/[A-Za-z-]+\.json$/.test(name))

let over = false
for (const { name, budget, words, modules } of PAGES) {
  for (const locale of LOCALES) {
    const loaded = new Set([ENTRY, locale.replace('.json', words), ...modules].flatMap((m) => [...closure(m)]))
    const total = [...loaded].reduce((sum, m) => sum + size(manifest[m].file), 0) / KB
    console.log(`${name} (${locale.split('/').at(-1)}): ${total.toFixed(1)} KB of script, budget ${budget} KB`)
    over ||= total > budget
  }
}
rmSync(join(dist, '.vite'), { recursive: true }) // has served its purpose, and is nobody's business
if (over) process.exit(1)
