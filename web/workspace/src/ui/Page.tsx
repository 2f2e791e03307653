import { IconChevronLeft } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { useI18n } from './i18n'

type Props = { title: string; lead?: ReactNode; crumb?: ReactNode; tag?: ReactNode; acts?: ReactNode; lang?: string }

/** The head of every page; its title is the document's too. */
export function PageHead({ title, lead, crumb, tag, acts, lang }: Props) {
  const { t } = useI18n()
  useEffect(() => {
    document.title = `${title} · ${t('web.name')}`
  }, [title, t])
  return (
    <>
      {crumb}
      <div className="page-head">
        <h1 lang={lang} dir={lang && 'auto'}>
          {title}
        </h1>
        {tag}
        {acts && <div className="acts">{acts}</div>}
        {lead && <div className="lead">{lead}</div>}
      </div>
    </>
  )
}

/** What stands in a link back to the list. */
export const Back = ({ children }: { children: ReactNode }) => (
  <>
    <IconChevronLeft size={16} aria-hidden className="flip" />
    {children}
  </>
)

/** Nothing is here, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <svg width="44" height="44" viewBox="-50 -50 100 100" aria-hidden="true" fill="none" stroke="currentColor">
        {Array.from({ length: 13 }, (_, i) => (
          <path
            key={i}
            strokeWidth="3"
            d="M0-24C9-32 8-43 0-49C-8-43-9-32 0-24Z"
            transform={`rotate(${(i * 360) / 13})`}
          />
        ))}
        <circle r="21" strokeWidth="3" />
      </svg>
      <p>{title}</p>
      {children}
    </div>
  )
}
