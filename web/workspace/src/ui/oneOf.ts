/** The word of a list that an address names; anything else is none. */
export const oneOf = <T extends string>(words: readonly T[], word: string | undefined) => words.find((w) => w === word)
