import { type ReactNode, useId } from 'react'

type Props = { title?: string; aside?: ReactNode; className?: string; children: ReactNode }

/** A sheet of paper on the desk: one subject, its title, and what can be done with it at the side. */
export function Panel({ title, aside, className = '', children }: Props) {
  const id = useId()
  return (
    <section className={`panel ${className}`} aria-labelledby={title ? id : undefined}>
      {title && (
        <header>
          <h2 id={id}>{title}</h2>
          {aside && <div className="aside row">{aside}</div>}
        </header>
      )}
      {children}
    </section>
  )
}
