/** A run of characters of a name, and whether the other name has it too. */
export type Run = { text: string; same: boolean }

const bare = (character: string) => character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Both names with the characters marked that they have in common in their order, case and accents aside. Runs of one Latin letter
 * are chance and are not marked. */
export function sames(ours: string, theirs: string): [Run[], Run[]] {
  const a = [...ours]
  const b = [...theirs]
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0
  const alike = (i: number, j: number) => bare(a[i] ?? '') !== '' && bare(a[i] ?? '') === bare(b[j] ?? '')
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = longest[i]
      if (row) row[j] = alike(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const [x, y] = [new Array<boolean>(a.length).fill(false), new Array<boolean>(b.length).fill(false)]
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (alike(i, j)) {
      x[i++] = true
      y[j++] = true
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return [runs(a, x), runs(b, y)]
}

function runs(characters: string[], same: boolean[]): Run[] {
  const all: Run[] = []
  characters.forEach((text, i) => {
    const last = all.at(-1)
    if (last && last.same === same[i]) last.text += text
    else all.push({ text, same: same[i] ?? false })
  })
  return all.map((run) => (run.same && /^[\p{Script=Latin}\s]$/u.test(run.text) ? { ...run, same: false } : run))
}
