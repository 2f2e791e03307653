import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { MeetingRuleDialog } from './MeetingRuleDialog'
import { type Filter, KINDS, type Meeting, meetingsQuery, STATUSES, TONE } from './meetings'

const route = getRouteApi('/house/meetings')

/** The meetings of the association, the latest first. */
export function MeetingsPage() {
  const { t } = useI18n()
  const session = useSession()
  const [rules, setRules] = useState(false)
  const search = route.useSearch()
  const kind = oneOf(KINDS, search.kind)
  const status = oneOf(STATUSES, search.status)
  const filter: Filter = { ...(search.q && { q: search.q }), ...(kind && { kind }), ...(status && { status }) }
  return (
    <>
      <PageHead
        title={t('web.meetings.nav')}
        lead={t('web.meetings.lead')}
        acts={
          <>
            {may(session, 'meeting-rule:read') && (
              <Button variant="default" onClick={() => setRules(true)}>
                {t('web.meeting.rules')}
              </Button>
            )}
            {may(session, 'meeting:create') && <LinkButton to="/meetings/new">{t('web.meeting.new')}</LinkButton>}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => meetingsQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.meetings.nav')}
        empty={t('web.meetings.empty')}
      >
        <Fields />
      </ListPanel>
      {rules && <MeetingRuleDialog onClose={() => setRules(false)} />}
    </>
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.meetings.find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.meeting.kind')}
        value={search.kind}
        onSay={(kind) => say({ kind })}
        words={KINDS}
        name={(kind) => word('meeting.kind.', kind)}
      />
      <ChoiceField
        label={t('web.meeting.state')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('meeting.status.', status)}
      />
    </>
  )
}

function useColumns(): Column<Meeting>[] {
  const { t, word, instant } = useI18n()
  return useMemo(
    () => [
      { id: 'begins', header: t('web.meeting.begins'), tight: true, cell: (m) => instant(m.beginsAt) },
      {
        id: 'title',
        header: t('web.meeting.title'),
        cell: (m) => (
          <>
            <Link to="/meetings/$id" params={{ id: m.id }}>
              <bdi>{m.title}</bdi>
            </Link>
            <div className="soft small">
              <bdi>{m.place ?? m.link}</bdi>
            </div>
          </>
        ),
      },
      { id: 'kind', header: t('web.meeting.kind'), tight: true, cell: (m) => word('meeting.kind.', m.kind) },
      {
        id: 'status',
        header: t('web.meeting.state'),
        tight: true,
        cell: (m) => <Tag tone={TONE[m.status]}>{word('meeting.status.', m.status)}</Tag>,
      },
    ],
    [t, word, instant],
  )
}
