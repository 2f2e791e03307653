type Texts = Record<string, string>

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null

/**
 * What a published record calls itself, of whatever kind it is and whoever published it: other houses may publish what this one does
 * not know. Names are a list with one original, or a text by language. Empty when it has no name.
 */
export function nameIn(content: unknown, text: (texts: Texts) => string): string {
  if (!isObject(content)) return ''
  const { name, names, titles, number, code } = content
  if (Array.isArray(names)) {
    const all = names.filter(isObject)
    const original = all.find((n) => n.kind === 'original') ?? all[0]
    if (typeof original?.text === 'string' && original.text) return original.text
  }
  if (typeof name === 'string' && name) return name
  for (const texts of [names, titles]) if (isObject(texts) && !Array.isArray(texts)) return text(texts as Texts)
  return ([number, code].find((v) => typeof v === 'string') as string | undefined) ?? ''
}
