import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { type Change, changed, changesQuery, decide } from './queries'
import { ReasonDialog } from './ReasonDialog'

const TONE: Record<Change['status'], Tone> = { proposed: 'info', accepted: 'ok', refused: 'bad', withdrawn: 'plain' }

/** Changes that somebody proposed, with what they change; nothing where there are none. */
export function ChangesPanel({ memberId }: { memberId?: string }) {
  const { t } = useI18n()
  const session = useSession()
  const filter = memberId ? { memberId } : { status: 'proposed' as const }
  const { data = [], error } = useQuery({ ...changesQuery(filter), enabled: may(session, 'member-change:read') })
  if (!error && data.length === 0) return null
  return (
    <Panel title={t(memberId ? 'web.members.changes' : 'web.members.changes-waiting')}>
      <ProblemAlert error={error} />
      <ul className="list">
        {data.map((c) => (
          <Line key={c.id} change={c} named={!memberId} />
        ))}
      </ul>
    </Panel>
  )
}

function Line({ change: c, named }: { change: Change; named: boolean }) {
  const { t, word, instant } = useI18n()
  const [refusing, setRefusing] = useState(false)
  const run = useMutation({
    mutationFn: (act: 'accept' | 'withdraw') => decide(c.id, act, ''),
    onSuccess: () => changed(),
    onError: useRefused(),
  })
  return (
    <li>
      {named && (
        <Link to="/members/$id" params={{ id: c.memberId }}>
          <bdi>{c.memberName}</bdi>
        </Link>
      )}
      <span>{c.fields.map((field) => word('member.field.', field)).join(', ')}</span>
      <Tag tone={TONE[c.status]}>{word('member.change.', c.status)}</Tag>
      <div className="row end">
        {c.allowed.includes('accept') && (
          <Button size="compact-xs" loading={run.isPending} onClick={() => run.mutate('accept')}>
            {t('web.members.accept')}
          </Button>
        )}
        {c.allowed.includes('refuse') && (
          <Button size="compact-xs" variant="outline" color="rose" onClick={() => setRefusing(true)}>
            {t('web.members.refuse-change')}
          </Button>
        )}
        {c.allowed.includes('withdraw') && (
          <Button size="compact-xs" variant="subtle" onClick={() => run.mutate('withdraw')}>
            {t('web.members.take-back')}
          </Button>
        )}
      </div>
      {c.differences.map((d) => (
        <span key={d.field} className="sub" dir="auto">
          {word('member.field.', d.field)}: <del>{d.before || '—'}</del> → <ins>{d.after || '—'}</ins>
        </span>
      ))}
      <span className="sub">
        {c.byMember ? t('web.members.by-member') : c.proposedName} · {instant(c.proposedAt)}
        {c.reason && (
          <>
            {' · '}
            <bdi>{c.reason}</bdi>
          </>
        )}
        {c.decision && (
          <>
            {' · '}
            <bdi>{c.decision}</bdi>
          </>
        )}
      </span>
      {refusing && (
        <ReasonDialog
          danger
          title={t('web.members.refuse-change')}
          note={t('web.members.refuse-note')}
          label={t('web.members.reason')}
          run={async (reason) => {
            await decide(c.id, 'refuse', reason)
            await changed()
          }}
          onClose={() => setRefusing(false)}
        />
      )}
    </li>
  )
}
