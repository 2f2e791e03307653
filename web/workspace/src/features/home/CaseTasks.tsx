import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type CaseTask, caseTasksQuery, TASK } from '../../api/caseTasks'
import { api, body, queryClient } from '../../api/client'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'

const FIRST = 12

/** What clocks, registers at origin and we ourselves say is to be done. */
export function CaseTasks() {
  const { t } = useI18n()
  const session = useSession()
  const { data, error } = useQuery(caseTasksQuery())
  const [subscribing, setSubscribing] = useState(false)
  if (!error && data?.items.length === 0) return null
  return (
    <Panel
      title={t('web.tasks.title')}
      aside={
        may(session, 'calendar-feed:create') && (
          <Button size="compact-sm" variant="default" onClick={() => setSubscribing(true)}>
            {t('web.tasks.calendar')}
          </Button>
        )
      }
    >
      <ProblemAlert error={error} />
      <ul className="list">
        {data?.items.slice(0, FIRST).map((x, n) => (
          <Row key={`${x.objectId} ${x.kind} ${x.id ?? n}`} of={x} />
        ))}
      </ul>
      {subscribing && <Subscribe onClose={() => setSubscribing(false)} />}
    </Panel>
  )
}

function Row({ of: x }: { of: CaseTask }) {
  const { t, word, market, day } = useI18n()
  const name = (
    <bdi>
      {x.name} → {market(x.market)}
    </bdi>
  )
  const details = [
    x.text,
    x.side && word('case.side.', x.side),
    x.act && t('web.tasks.proposed', { Act: word('case.act.', x.act) }),
    x.dueOn && t('web.case.last-day', { Day: day(x.dueOn) }),
  ].filter(Boolean)
  return (
    <li>
      <span>
        {x.kind.startsWith('dossier-') ? (
          <Link to="/dossiers/$id" params={{ id: x.objectId }}>
            {name}
          </Link>
        ) : x.kind.startsWith('mark-') ? (
          <Link to="/mark-authorisations/$id" params={{ id: x.objectId }}>
            {name}
          </Link>
        ) : x.kind === 'recognition-ended' ? (
          <Link to="/recognitions/$id" params={{ id: x.objectId }}>
            {name}
          </Link>
        ) : (
          <Link to="/cases/$id" params={{ id: x.objectId }}>
            {name}
          </Link>
        )}
        <div className="soft small">{details.join(' · ')}</div>
      </span>
      <span className="end">
        <Tag tone={TASK[x.kind]}>{word('case-task.kind.', x.kind)}</Tag>
      </span>
    </li>
  )
}

/** Makes an address for the calendar program of the person, and ends those that were made before. */
function Subscribe({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const held = useQuery({ queryKey: ['calendar-feeds'], queryFn: () => body(api.GET('/api/v1/calendar-feeds')) })
  const again = () => queryClient.invalidateQueries({ queryKey: ['calendar-feeds'] })
  const make = useMutation({ mutationFn: () => body(api.POST('/api/v1/calendar-feeds')), onSuccess: again })
  const end = useMutation({
    mutationFn: async () => {
      for (const f of held.data?.items ?? []) {
        await body(api.POST('/api/v1/calendar-feeds/{id}/revoke', { params: { path: { id: f.id } } }))
      }
    },
    onSuccess: again,
  })
  return (
    <Modal opened onClose={onClose} title={t('web.tasks.calendar')}>
      <div className="stack">
        <p className="small">{t('web.tasks.calendar-why')}</p>
        <ProblemAlert error={make.error ?? end.error ?? held.error} />
        {make.data?.path && (
          <TextInput
            readOnly
            dir="ltr"
            aria-label={t('web.tasks.calendar')}
            value={new URL(make.data.path, window.location.origin).href}
            onFocus={(e) => e.currentTarget.select()}
          />
        )}
        <div className="row">
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {t('web.tasks.calendar')}
          </Button>
          {(held.data?.items.length ?? 0) > 0 && (
            <>
              <span className="soft small">
                {t('web.tasks.calendars-hold', { Count: held.data?.items.length ?? 0 })}
              </span>
              <Button variant="default" loading={end.isPending} onClick={() => end.mutate()}>
                {t('web.tasks.revoke')}
              </Button>
            </>
          )}
        </div>
      </div>
    </Modal>
  )
}
