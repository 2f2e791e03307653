import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { Back, PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { today } from '../../ui/today'
import { Of } from './Of'
import { PlanDialog } from './PlanDialog'
import { OUTCOME, OUTCOMES, VISIT, VISITS, type Visit, type VisitFilter, visitsQuery } from './supervision'
import { VisitDialog } from './VisitDialog'
import { HolderName } from './Where'

const route = getRouteApi('/house/mark-visits')
const FIELDS = 'authorisationId,status,plannedOn,visitor,reason,outcome,visitedOn,findings,updatedName'.split(',')

/** Visits to users of the mark: planned, late, done and what they found. */
export function VisitsPage() {
  const { t } = useI18n()
  const session = useSession()
  const [dialog, setDialog] = useState<{ id?: string }>()
  const { authorisationId, status, outcome } = route.useSearch()
  const filter: VisitFilter = {
    ...(authorisationId && { authorisationId }),
    ...(oneOf(VISITS, status) && { status: oneOf(VISITS, status) }),
    ...(oneOf(OUTCOMES, outcome) && { outcome: oneOf(OUTCOMES, outcome) }),
  }
  const close = () => setDialog(undefined)
  return (
    <>
      <PageHead
        title={t('web.visits.nav')}
        lead={t('web.visits.lead')}
        crumb={
          <Link to="/mark-risks" className="crumb">
            <Back>{t('web.risks.nav')}</Back>
          </Link>
        }
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-visits', filter, fields: FIELDS }} />
            {may(session, 'mark-visit:plan') && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({})}>
                {t('web.visits.plan')}
              </Button>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => visitsQuery(filter, cursor)}
        columns={useColumns((id) => setDialog({ id }))}
        caption={t('web.visits.nav')}
        empty={t('web.visits.empty')}
      >
        <Fields />
      </ListPanel>
      {dialog &&
        (dialog.id ? (
          <VisitDialog id={dialog.id} onClose={close} />
        ) : (
          <PlanDialog authorisationId={authorisationId} onClose={close} />
        ))}
    </>
  )
}

function useColumns(onOpen: (id: string) => void): Column<Visit>[] {
  const { t, word, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'planned',
        header: t('web.visits.planned-on'),
        tight: true,
        cell: (v) => (
          <button type="button" className="link" onClick={() => onOpen(v.id)}>
            {day(v.plannedOn)}
          </button>
        ),
      },
      { id: 'holder', header: t('web.special-marks.holder'), cell: (v) => <HolderName id={v.authorisationId} /> },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        cell: (v) =>
          v.status === 'planned' && v.plannedOn < today() ? (
            <Tag tone="bad">{t('web.visits.late')}</Tag>
          ) : v.outcome ? (
            <Tag tone={OUTCOME[v.outcome]}>{word('mark-visit.outcome.', v.outcome)}</Tag>
          ) : (
            <Tag tone={VISIT[v.status]}>{word('mark-visit.status.', v.status)}</Tag>
          ),
      },
      { id: 'visitor', header: t('web.visits.visitor'), cell: (v) => <bdi>{v.visitor}</bdi> },
      { id: 'reason', header: t('web.act.reason'), cell: (v) => <bdi>{v.reason}</bdi> },
      { id: 'findings', header: t('web.visits.findings'), cell: (v) => <bdi className="small">{v.findings}</bdi> },
    ],
    [t, word, day, onOpen],
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
        words={VISITS}
        name={(status) => word('mark-visit.status.', status)}
      />
      <ChoiceField
        label={t('web.visits.outcome')}
        value={search.outcome}
        onSay={(outcome) => say({ outcome })}
        words={OUTCOMES}
        name={(outcome) => word('mark-visit.outcome.', outcome)}
      />
      {search.authorisationId && (
        <Of onAll={() => say({ authorisationId: undefined })}>
          <HolderName id={search.authorisationId} />
        </Of>
      )}
    </>
  )
}
