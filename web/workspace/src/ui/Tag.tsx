import type { ReactNode } from 'react'

export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'plain'

/** A state in a word. The word says it; the colour only helps. */
export const Tag = ({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) => (
  <span className="tag" data-tone={tone}>
    {children}
  </span>
)
