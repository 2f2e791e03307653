import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { PlanDialog } from './PlanDialog'
import { type Authorisation, inForce } from './queries'
import { Reasons } from './Reasons'
import { riskQuery, toneOf } from './supervision'

/** A user's score, what makes it, and the way to its visits and complaints. */
export function RiskPanel({ authorisation: a }: { authorisation: Authorisation }) {
  const { t, day } = useI18n()
  const session = useSession()
  const [planning, setPlanning] = useState(false)
  const readable = may(session, 'mark-risk:read') && inForce(a.status)
  const { data, error } = useQuery({ ...riskQuery(a.id), enabled: readable })
  if (!readable) return null
  return (
    <Panel
      title={t('web.risks.title')}
      aside={data && <Tag tone={toneOf(data.score)}>{t('web.risks.of-hundred', { Score: data.score })}</Tag>}
    >
      <ProblemAlert error={error} />
      {data && <Reasons of={data.reasons} />}
      {data?.nextVisitOn && <p className="small">{t('web.risks.next', { Day: day(data.nextVisitOn) })}</p>}
      <p className="row small">
        <Link to="/mark-visits" search={{ authorisationId: a.id }}>
          {t('web.visits.nav')}
        </Link>
        <Link to="/mark-complaints" search={{ authorisationId: a.id }}>
          {t('web.complaints.nav')}
        </Link>
        {may(session, 'mark-visit:plan') && (
          <Button className="end" size="compact-sm" variant="default" onClick={() => setPlanning(true)}>
            {t('web.visits.plan')}
          </Button>
        )}
      </p>
      {planning && <PlanDialog authorisationId={a.id} onClose={() => setPlanning(false)} />}
    </Panel>
  )
}
