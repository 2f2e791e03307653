import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type BoardColumn, boardQuery, type Filter, STATE } from './queries'

/** The cases in columns by state. The numbers are those of all that the filter finds, whatever is shown. */
export function BoardPanel({ filter, children }: { filter: Filter; children: ReactNode }) {
  const { t } = useI18n()
  const { data, error, isFetching, refetch } = useQuery(boardQuery(filter))
  return (
    <Panel>
      <search className="toolbar">{children}</search>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} radius={14} />}
      {data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard
        <section className="board" aria-label={t('web.cases.nav')} aria-busy={isFetching} tabIndex={0}>
          {data.columns.map((c) => (
            <Column key={c.group} of={c} filter={filter} />
          ))}
        </section>
      )}
    </Panel>
  )
}

function Column({ of: c, filter }: { of: BoardColumn; filter: Filter }) {
  const { t, word, number, market, day } = useI18n()
  const id = useId()
  const { q, side, overdue } = filter
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {word('case.group.', c.group)} <span className="nums soft">{number(c.count)}</span>
      </h2>
      <div className="states">
        {c.states.map((s) => (
          <Link key={s.state} to="/cases" search={{ q, side, state: s.state, overdue: overdue ? 'yes' : undefined }}>
            <Tag tone={STATE[s.state]}>
              {word('case.state.', s.state)} {number(s.count)}
            </Tag>
          </Link>
        ))}
      </div>
      <ul className="cards">
        {c.items.map((r) => (
          <li key={r.id}>
            <Link to="/cases/$id" params={{ id: r.id }}>
              <bdi lang={r.language}>{r.name}</bdi>
            </Link>
            <div className="soft small">
              {market(r.originOffice)} → {market(r.market)} · {day(r.since)}
            </div>
            {c.states.length > 1 && <div className="small">{word('case.state.', r.state)}</div>}
          </li>
        ))}
      </ul>
      {c.count === 0 && <p className="soft small">{t('web.cases.board-none')}</p>}
      {c.count > c.items.length && (
        <p className="soft small">{t('web.cases.board-newest', { Number: number(c.items.length) })}</p>
      )}
    </section>
  )
}
