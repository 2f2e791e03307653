import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { type Application, type ApplicationFilter, applicationsQuery, STAGE, STAGES } from './applications'

const route = getRouteApi('/house/mark-applications')
const FIELDS = 'number,product,status,progress,submittedAt,decision,appealUntil,updatedAt'.split(',')

/** Applications for the use of a mark: our own, or those that were sent to us. */
export function ApplicationsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { q, status } = route.useSearch()
  const filter: ApplicationFilter = {
    ...(q && { q }),
    ...(oneOf(STAGES, status) && { status: oneOf(STAGES, status) }),
  }
  return (
    <>
      <PageHead
        title={t('web.applications.nav')}
        lead={t('web.applications.lead')}
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-applications', filter, fields: FIELDS }} />
            {may(session, 'mark-application:create') && (
              <LinkButton to="/mark-applications/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.applications.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => applicationsQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.applications.nav')}
        empty={t('web.applications.empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

function useColumns(): Column<Application>[] {
  const { t, word, instant, text } = useI18n()
  return useMemo(
    () => [
      {
        id: 'producer',
        header: t('web.applications.producer'),
        cell: (a) => (
          <>
            <Link to="/mark-applications/$id" params={{ id: a.id }}>
              <bdi>{text(a.form.names ?? {}) || a.product}</bdi>
            </Link>
            <div className="soft small mono">{a.number}</div>
          </>
        ),
      },
      { id: 'product', header: t('web.special-marks.registration'), cell: (a) => <bdi>{a.product}</bdi> },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        cell: (a) => <Tag tone={STAGE[a.status]}>{word('mark-application.status.', a.status)}</Tag>,
      },
      { id: 'applicant', header: t('web.applications.applicant'), cell: (a) => <bdi>{text(a.applicant.names)}</bdi> },
      {
        id: 'submitted',
        header: t('web.applications.submitted'),
        tight: true,
        has: (a) => a.submittedAt !== undefined,
        cell: (a) => a.submittedAt && instant(a.submittedAt),
      },
    ],
    [t, word, instant, text],
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.special-marks.find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.special-marks.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STAGES}
        name={(status) => word('mark-application.status.', status)}
      />
    </>
  )
}
