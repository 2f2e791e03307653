/** The symbols of a unified social credit code, in the order of their values (GB 32100-2015). */
const SYMBOLS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const LENGTH = 18

export type Reading = { code: string; state: 'empty' | 'short' | 'right' | 'wrong'; missing: number }

/**
 * A code as far as it is typed: small and full-width letters and groups are read as the server reads them. Whether it is
 * right the server decides when it is sent; here whoever types is told at once, while the paper is still in the hand.
 */
export function readCreditCode(typed: string): Reading {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐‑–]/g, '')
  const missing = LENGTH - code.length
  const values = [...code].map((symbol) => SYMBOLS.indexOf(symbol))
  if (!code) return { code, state: 'empty', missing }
  if (missing < 0 || values.includes(-1) || values.slice(2, 8).some((v) => v > 9))
    return { code, state: 'wrong', missing }
  if (missing > 0) return { code, state: 'short', missing }
  let sum = 0
  let weight = 1
  for (const value of values.slice(0, -1)) {
    sum += value * weight
    weight = (weight * 3) % 31
  }
  return { code, state: (31 - (sum % 31)) % 31 === values.at(-1) ? 'right' : 'wrong', missing }
}
