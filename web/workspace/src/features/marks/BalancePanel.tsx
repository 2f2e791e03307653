import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Balance } from './Balance'
import { balanceQuery } from './lots'
import type { Authorisation } from './queries'

/** Whether a holder's marks are on more goods than it produced, and that more than its land bears. */
export function BalancePanel({ authorisation: a }: { authorisation: Authorisation }) {
  const { t } = useI18n()
  const session = useSession()
  const readable = may(session, 'mark-lot:read')
  const { data, error } = useQuery({ ...balanceQuery(a.id), enabled: readable })
  if (!readable || a.fromOn === undefined) return null
  return (
    <Panel
      title={t('web.balance.title')}
      aside={
        <Link to="/mark-lots" search={{ authorisationId: a.id }}>
          {t('web.lots.nav')}
        </Link>
      }
    >
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={160} />}
      {data && <Balance of={data} />}
    </Panel>
  )
}
