import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { ChoiceField, SearchField } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { oneOf } from '../../ui/oneOf'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ATTENDANCES, type Attendance, attend, type Called, type Meeting, type RollFilter, rollQuery } from './meetings'
import { changed } from './queries'

const NOTICES = ['queued', 'sent', 'refused', 'failed', 'no-address'] as const

/** Who is called to a meeting, what became of the notice, and who came. */
export function RollPanel({ meeting: m }: { meeting: Meeting }) {
  const { t, word } = useI18n()
  const [filter, setFilter] = useState<RollFilter>({})
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, refetch } = useQuery(rollQuery(m.id, filter, cursors.cursor))
  const rows = data?.items ?? []
  const say = (change: RollFilter) =>
    setFilter((f) => Object.fromEntries(Object.entries({ ...f, ...change }).filter(([, v]) => v)))
  return (
    <Panel title={t('web.meeting.roll')}>
      <search className="toolbar">
        <SearchField label={t('web.members.find')} value={filter.q} onSay={(q) => say({ q })} />
        <ChoiceField
          label={t('web.meeting.attendance')}
          value={filter.attendance}
          onSay={(v) => say({ attendance: oneOf(ATTENDANCES, v) })}
          words={ATTENDANCES}
          name={(a) => word('meeting.attendance.', a)}
        />
        <ChoiceField
          label={t('web.meeting.notice')}
          value={filter.notice}
          onSay={(v) => say({ notice: oneOf(NOTICES, v) })}
          words={NOTICES}
          name={(n) => word('member-letter.status.', n)}
        />
      </search>
      <ProblemAlert error={error} retry={() => void refetch()} />
      <ul className="list">
        {rows.map((c) => (
          <Line key={c.memberId} meeting={m} called={c} />
        ))}
      </ul>
      <CursorPager cursors={cursors} next={data?.next} shown={rows.length} />
    </Panel>
  )
}

const TONE = { absent: 'plain', here: 'ok', proxy: 'info' } as const

function Line({ meeting: m, called: c }: { meeting: Meeting; called: Called }) {
  const { t, word } = useI18n()
  const [standing, setStanding] = useState(false)
  const run = useMutation({
    mutationFn: ({ attendance, proxyId }: { attendance: Attendance; proxyId?: string }) =>
      attend(m.id, { memberId: c.memberId, attendance, ...(proxyId && { proxyId }) }),
    onSuccess: changed,
    onError: useRefused(),
  })
  return (
    <li>
      <bdi className="mono">{c.memberNumber}</bdi>
      <bdi>{c.memberName || t('web.members.erased')}</bdi>
      <Tag tone={TONE[c.attendance]}>
        {word('meeting.attendance.', c.attendance)} {c.proxyName && <bdi>{c.proxyName}</bdi>}
      </Tag>
      {c.noVote && <Tag tone="warn">{word('meeting.no-vote.', c.noVote)}</Tag>}
      {c.answer && <span className="soft small">{word('meeting.answer.', c.answer)}</span>}
      {c.notice && <span className="soft small">{word('member-letter.status.', c.notice)}</span>}
      {m.allowed.includes('attend') && (
        <div className="end row">
          {c.attendance === 'absent' ? (
            <>
              <Button size="compact-xs" variant="default" onClick={() => run.mutate({ attendance: 'here' })}>
                {t('web.meeting.came')}
              </Button>
              {!c.noVote && m.rule && m.rule.proxies > 0 && (
                <Button size="compact-xs" variant="default" onClick={() => setStanding(!standing)}>
                  {t('web.meeting.represent')}
                </Button>
              )}
            </>
          ) : (
            <Button size="compact-xs" variant="subtle" onClick={() => run.mutate({ attendance: 'absent' })}>
              {t('web.meeting.left')}
            </Button>
          )}
        </div>
      )}
      {standing && c.attendance === 'absent' && (
        <Holder meeting={m} onChoose={(proxyId) => run.mutate({ attendance: 'proxy', proxyId })} />
      )}
    </li>
  )
}

/** Chooses who stands for a member, among those who are here and have a vote. */
function Holder({ meeting: m, onChoose }: { meeting: Meeting; onChoose: (id: string) => void }) {
  const { t } = useI18n()
  const { data } = useQuery(rollQuery(m.id, { attendance: 'here' }, undefined, 200))
  return (
    <NativeSelect
      label={t('web.meeting.holder')}
      value=""
      onChange={(e) => e.currentTarget.value && onChoose(e.currentTarget.value)}
      data={[
        { value: '', label: '' },
        ...(data?.items ?? []).filter((c) => !c.noVote).map((c) => ({ value: c.memberId, label: c.memberName })),
      ]}
    />
  )
}
