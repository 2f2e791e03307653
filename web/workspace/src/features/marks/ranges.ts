export type Numbers = { first: number; count: number }

/** The last number of a range. */
export const last = ({ first, count }: Numbers) => first + count - 1

/** Ranges in their order, with those that meet or overlap as one. */
export function joined(ranges: Numbers[]): Numbers[] {
  const all: Numbers[] = []
  for (const { first, count } of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = all.at(-1)
    if (before && first <= before.first + before.count) {
      before.count = Math.max(before.count, first + count - before.first)
    } else if (count > 0) {
      all.push({ first, count })
    }
  }
  return all
}

/** The numbers of some ranges that are in none of the others. */
export function without(some: Numbers[], others: Numbers[]): Numbers[] {
  return joined(others).reduce(
    (rest, { first, count }) =>
      rest
        .flatMap((r) => [
          { first: r.first, count: Math.min(r.count, first - r.first) },
          { first: Math.max(r.first, first + count), count: r.first + r.count - Math.max(r.first, first + count) },
        ])
        .filter((r) => r.count > 0),
    joined(some),
  )
}

export const howMany = (ranges: Numbers[]) => ranges.reduce((sum, r) => sum + r.count, 0)
