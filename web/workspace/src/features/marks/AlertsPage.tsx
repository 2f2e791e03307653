import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { type Alert, type AlertFilter, alertsQuery, KINDS, STATUS, STATUSES } from './alerts'
import { CountriesPanel } from './CountriesPanel'
import { Of } from './Of'
import { BatchName, HolderName } from './Where'

const route = getRouteApi('/house/mark-alerts')
const FIELDS = 'day,kind,status,batchId,number,authorisationId,reason,decidedName,decidedAt,raisedAt'.split(',')

/** What the scans of marks say that should not be so, and what officers made of it. */
export function AlertsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { kind, status, ...said } = route.useSearch()
  const filter: AlertFilter = {
    ...said,
    ...(oneOf(KINDS, kind) && { kind: oneOf(KINDS, kind) }),
    ...(oneOf(STATUSES, status) && { status: oneOf(STATUSES, status) }),
  }
  return (
    <>
      <PageHead
        title={t('web.mark-alerts.nav')}
        lead={t('web.mark-alerts.lead')}
        acts={<ExportMenu list={{ path: '/api/v1/mark-alerts', filter, fields: FIELDS }} />}
      />
      <div className="stack">
        <ListPanel
          ordered
          filter={filter}
          query={(cursor) => alertsQuery(filter, cursor)}
          columns={useColumns()}
          caption={t('web.mark-alerts.nav')}
          empty={t('web.mark-alerts.empty')}
        >
          <Fields />
        </ListPanel>
        {may(session, 'mark-batch:read') && <CountriesPanel />}
      </div>
    </>
  )
}

function useColumns(): Column<Alert>[] {
  const { t, word, day, number, market } = useI18n()
  return useMemo(
    () => [
      { id: 'day', header: t('web.special-marks.day'), tight: true, cell: (a) => day(a.day) },
      {
        id: 'kind',
        header: t('web.mark-alerts.kind'),
        cell: (a) => (
          <Link to="/mark-alerts/$id" params={{ id: a.id }}>
            {word('mark-alert.kind.', a.kind)}
          </Link>
        ),
      },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        cell: (a) => <Tag tone={STATUS[a.status]}>{word('mark-alert.status.', a.status)}</Tag>,
      },
      {
        id: 'of',
        header: t('web.mark-alerts.of'),
        cell: (a) => (
          <>
            {a.batchId && <BatchName id={a.batchId} />}
            {a.number !== undefined && <span className="nums"> · {number(a.number)}</span>}
            {a.authorisationId && (
              <div className="small">
                <HolderName id={a.authorisationId} />
              </div>
            )}
          </>
        ),
      },
      {
        id: 'scans',
        header: t('web.scans.scans'),
        num: true,
        cell: (a) => !a.evidence.balance && number(a.evidence.scans),
      },
      {
        id: 'where',
        header: t('web.scans.country'),
        cell: (a) =>
          !a.evidence.balance &&
          (a.evidence.countries.map(market).join(' · ') || <span className="soft">{t('web.scans.unknown')}</span>),
      },
    ],
    [t, word, day, number, market],
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say } = useSay<typeof search>()
  return (
    <>
      <ChoiceField
        label={t('web.special-marks.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('mark-alert.status.', status)}
      />
      <ChoiceField
        label={t('web.mark-alerts.kind')}
        value={search.kind}
        onSay={(kind) => say({ kind })}
        words={KINDS}
        name={(kind) => word('mark-alert.kind.', kind)}
      />
      {search.batchId && (
        <Of onAll={() => say({ batchId: undefined })}>
          <BatchName id={search.batchId} />
        </Of>
      )}
    </>
  )
}
