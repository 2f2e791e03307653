import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

type Message = Record<string, string>
type Catalogue = Record<string, Message>

/** Beginnings of messages that only the server puts into words: they would be half of what the browser loads. The log is shown by both. */
const SERVER_ONLY =
  /^(problem|cli|setting|paper|guides?|page(?!\.(?:status\.word|verify\.cause\.|log\.|demo$|keys\.(?:publisher|no-publications)$))|verify|package|access|status\.reason|status\.answer|dossier\.need|dossier\.supplier|document\.refused|segment|promotion-paper|promotion-report|credential\.(?:paper|fact|file|protection)|letter\.(?:template|paper)|clearance\.(?:paper|column)|calendar\.(?:uncertain|summary|zone|title)|field|wave\.annex|import\.findings)\./

/** What is said before somebody is signed in: at the door, and when a page is on its way, lost or broken. */
const DOOR =
  /^web\.(?:close|home\.nav|language|loading|lost\..*|name|problem\..*|retry|sign-in(?:\..*)?|trouble\.title)$/

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Catalogue

/** What the browser gets of a catalogue: its messages only, English where a translation is missing, short where there is one form. */
export function forBrowser(own: Catalogue, english: Catalogue, door = false): Record<string, string | Message> {
  const shipped: Record<string, string | Message> = {}
  for (const id of Object.keys(english)) {
    if (SERVER_ONLY.test(id) || (door && !DOOR.test(id))) continue
    const { description: _, ...forms } = own[id] ?? english[id] ?? {}
    shipped[id] = Object.keys(forms).length === 1 && forms.other !== undefined ? forms.other : forms
  }
  return shipped
}

/** Lets `import('…/i18n/ar.json')` give the browser's part of that catalogue, and `…/i18n/ar.json?door` that of the door. */
export function catalogues(): Plugin {
  return {
    name: 'helianthus-catalogues',
    enforce: 'pre',
    load(id) {
      const [file = '', part] = id.split('?')
      if (!/[\\/]i18n[\\/](zh-Hans|en|ar|fr|ru|es)\.json$/.test(file)) return null
      const english = join(dirname(file), 'en.json')
      this.addWatchFile(file)
      this.addWatchFile(english)
      const door = part === 'door'
      const code = JSON.stringify(forBrowser(read(file), read(english), door))
      return door ? { code: `export default ${code}`, moduleType: 'js', map: null } : { code, map: null }
    },
  }
}
