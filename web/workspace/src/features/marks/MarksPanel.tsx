import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { movesQuery } from './ledger'
import type { Authorisation } from './queries'
import { Range, Where } from './Where'

const NEWEST = 8

/** What the holder was issued, used and gave back of late, and the way to all of it. */
export function MarksPanel({ authorisation: a }: { authorisation: Authorisation }) {
  const { t, word, day } = useI18n()
  const session = useSession()
  const readable = may(session, 'mark-batch:read')
  const { data, error } = useQuery({ ...movesQuery({ authorisationId: a.id }, undefined, NEWEST), enabled: readable })
  if (!readable) return null
  return (
    <Panel
      title={t('web.special-marks.marks')}
      aside={
        <>
          <Link to="/mark-batches" search={{ authorisationId: a.id }}>
            {t('web.batches.nav')}
          </Link>
          <Link to="/mark-moves" search={{ authorisationId: a.id }}>
            {t('web.ledger.nav')}
          </Link>
        </>
      }
    >
      <ProblemAlert error={error} />
      {data?.items.length === 0 && <p className="soft">{t('web.special-marks.marks-none')}</p>}
      <ul className="list">
        {data?.items.map((m) => (
          <li key={m.id}>
            <b>{word('mark-batch.act.', m.act)}</b>
            <Link to="/mark-batches/$id" params={{ id: m.batchId }}>
              <Range of={m} />
            </Link>
            <Where place={m.toPlace} />
            <span className="end soft small">{day(m.happenedOn)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
