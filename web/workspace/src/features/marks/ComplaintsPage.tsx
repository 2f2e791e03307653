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
import { ComplaintDialog } from './ComplaintDialog'
import { Of } from './Of'
import { COMPLAINT, COMPLAINTS, type Complaint, type ComplaintFilter, complaintsQuery } from './supervision'
import { HolderName } from './Where'

const route = getRouteApi('/house/mark-complaints')
const FIELDS = 'receivedOn,authorisationId,status,acceptedOn,clock,text,answer,decidedName,decidedAt,createdName'.split(
  ',',
)

/** Complaints about users of the mark, and what came of each. */
export function ComplaintsPage() {
  const { t } = useI18n()
  const session = useSession()
  const [dialog, setDialog] = useState<{ id?: string }>()
  const { authorisationId, status } = route.useSearch()
  const filter: ComplaintFilter = {
    ...(authorisationId && { authorisationId }),
    ...(oneOf(COMPLAINTS, status) && { status: oneOf(COMPLAINTS, status) }),
  }
  return (
    <>
      <PageHead
        title={t('web.complaints.nav')}
        lead={t('web.complaints.lead')}
        crumb={
          <Link to="/mark-risks" className="crumb">
            <Back>{t('web.risks.nav')}</Back>
          </Link>
        }
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-complaints', filter, fields: FIELDS }} />
            {may(session, 'mark-complaint:create') && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({})}>
                {t('web.complaints.new')}
              </Button>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => complaintsQuery(filter, cursor)}
        columns={useColumns((id) => setDialog({ id }))}
        caption={t('web.complaints.nav')}
        empty={t('web.complaints.empty')}
      >
        <Fields />
      </ListPanel>
      {dialog && (
        <ComplaintDialog id={dialog.id} authorisationId={authorisationId} onClose={() => setDialog(undefined)} />
      )}
    </>
  )
}

function useColumns(onOpen: (id: string) => void): Column<Complaint>[] {
  const { t, word, day } = useI18n()
  return useMemo(
    () => [
      { id: 'day', header: t('web.complaints.received-on'), tight: true, cell: (c) => day(c.receivedOn) },
      {
        id: 'text',
        header: t('web.complaints.text'),
        cell: (c) => (
          <button type="button" className="link" onClick={() => onOpen(c.id)}>
            <bdi>{c.text}</bdi>
          </button>
        ),
      },
      { id: 'holder', header: t('web.special-marks.holder'), cell: (c) => <HolderName id={c.authorisationId} /> },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        cell: (c) => <Tag tone={COMPLAINT[c.status]}>{word('mark-complaint.status.', c.status)}</Tag>,
      },
      {
        id: 'due',
        header: t('web.complaints.due-on'),
        tight: true,
        cell: (c) => c.clock && <Tag tone={c.clock.dueOn < today() ? 'bad' : 'plain'}>{day(c.clock.dueOn)}</Tag>,
      },
      { id: 'answer', header: t('web.complaints.answer'), cell: (c) => <bdi className="small">{c.answer}</bdi> },
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
        words={COMPLAINTS}
        name={(status) => word('mark-complaint.status.', status)}
      />
      {search.authorisationId && (
        <Of onAll={() => say({ authorisationId: undefined })}>
          <HolderName id={search.authorisationId} />
        </Of>
      )}
    </>
  )
}
