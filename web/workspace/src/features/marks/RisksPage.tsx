import { Button } from '@mantine/core'
import { IconCalendarPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { Back, PageHead } from '../../ui/Page'
import { RegistrationName } from '../../ui/RegistrationSelect'
import { Tag } from '../../ui/Tag'
import { Of } from './Of'
import { PlanDialog } from './PlanDialog'
import { STATUS } from './queries'
import { Reasons } from './Reasons'
import { type Risk, type RiskFilter, risksQuery, toneOf } from './supervision'

const route = getRouteApi('/house/mark-risks')
const FIELDS = 'creditCode,names.zh-Hans,township,status,score,reasons,lastVisitOn,nextVisitOn'.split(',')
type Row = Risk & { id: string }

/** The users of the mark by how much speaks against them, and why; whoever stands first is visited first. */
export function RisksPage() {
  const { t } = useI18n()
  const session = useSession()
  const [planning, setPlanning] = useState<string>()
  const filter: RiskFilter = route.useSearch()
  return (
    <>
      <PageHead
        title={t('web.risks.nav')}
        lead={t('web.risks.lead')}
        crumb={
          <Link to="/mark-authorisations" className="crumb">
            <Back>{t('web.special-marks.nav')}</Back>
          </Link>
        }
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-risks', filter, fields: FIELDS }} />
            {may(session, 'mark-complaint:read') && (
              <LinkButton variant="default" to="/mark-complaints">
                {t('web.complaints.nav')}
              </LinkButton>
            )}
            {may(session, 'mark-visit:read') && (
              <LinkButton variant="default" to="/mark-visits">
                {t('web.visits.nav')}
              </LinkButton>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => risksQuery(filter, cursor)}
        columns={useColumns(may(session, 'mark-visit:plan') ? setPlanning : undefined)}
        caption={t('web.risks.nav')}
        empty={t('web.risks.empty')}
      >
        <Fields />
      </ListPanel>
      {planning && <PlanDialog authorisationId={planning} onClose={() => setPlanning(undefined)} />}
    </>
  )
}

function useColumns(onPlan?: (id: string) => void): Column<Row>[] {
  const { t, word, day, text } = useI18n()
  return useMemo(
    () => [
      {
        id: 'score',
        header: t('web.risks.score'),
        tight: true,
        cell: (r) => <Tag tone={toneOf(r.score)}>{String(r.score)}</Tag>,
      },
      {
        id: 'holder',
        header: t('web.special-marks.holder'),
        cell: (r) => (
          <>
            <Link to="/mark-authorisations/$id" params={{ id: r.id }}>
              <bdi>{text(r.names)}</bdi>
            </Link>
            <div className="soft small">
              <bdi>{r.township}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        cell: (r) => <Tag tone={STATUS[r.status].tone}>{word('mark-authorisation.status.', r.status)}</Tag>,
      },
      { id: 'reasons', header: t('web.risks.reasons'), cell: (r) => <Reasons of={r.reasons} /> },
      {
        id: 'last',
        header: t('web.risks.last-visit'),
        tight: true,
        cell: (r) => (r.lastVisitOn ? day(r.lastVisitOn) : <span className="soft">{t('web.risks.never')}</span>),
      },
      {
        id: 'next',
        header: t('web.risks.next-visit'),
        tight: true,
        cell: (r) =>
          r.nextVisitOn
            ? day(r.nextVisitOn)
            : onPlan && (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconCalendarPlus size={14} aria-hidden />}
                  onClick={() => onPlan(r.id)}
                >
                  {t('web.visits.plan')}
                </Button>
              ),
      },
    ],
    [t, word, day, text, onPlan],
  )
}

function Fields() {
  const { t } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField
        label={t('web.special-marks.township')}
        value={search.township}
        onSay={(township) => later({ township })}
      />
      {search.registrationId && (
        <Of onAll={() => say({ registrationId: undefined })}>
          <RegistrationName id={search.registrationId} />
        </Of>
      )}
    </>
  )
}
