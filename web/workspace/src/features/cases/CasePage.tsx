import { Alert, Button, Skeleton, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ActDialog } from './ActDialog'
import { DeadlinesPanel } from './DeadlinesPanel'
import { DocumentsPanel } from './DocumentsPanel'
import { LettersPanel } from './LettersPanel'
import { OppositionsPanel } from './OppositionsPanel'
import {
  addNote,
  type Case,
  caseQuery,
  changed,
  ENDS,
  type Event,
  eventsQuery,
  notesQuery,
  register,
  SIDES,
  STATE,
} from './queries'
import { TasksPanel } from './TasksPanel'
import { ViewPanel } from './ViewPanel'

const route = getRouteApi('/house/cases/$id')

/** A case as our side reads it. */
export function CasePage() {
  const { t } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(caseQuery(id))
  const crumb = (
    <Link to="/cases" className="crumb">
      <Back>{t('web.cases.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.cases.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown of={data} crumb={crumb} />
}

function Shown({ of: c, crumb }: { of: Case; crumb: React.ReactNode }) {
  const { t, word, text, market, day } = useI18n()
  const session = useSession()
  const [act, setAct] = useState<string>()
  return (
    <>
      <PageHead
        title={c.name}
        lang={c.language}
        crumb={crumb}
        tag={<Tag tone={STATE[c.state]}>{word('case.state.', c.state)}</Tag>}
        acts={
          may(session, 'clearance-report:read') && (
            <LinkButton variant="default" to="/clearance" search={{ caseId: c.id }}>
              {t('web.clearance.check')}
            </LinkButton>
          )
        }
        lead={t('web.case.summary', {
          Origin: market(c.originOffice),
          Market: market(c.market),
          Instrument: text(c.instrumentTitles) || c.instrumentCode,
          Day: day(c.since),
        })}
      />
      <div className="stack">
        <Proposals of={c} onAct={setAct} />
        <div className="grid">
          <div className="stack w8">
            <Turn of={c} onAct={setAct} />
            {may(session, 'case-letter:read') && <LettersPanel of={c} />}
            {may(session, 'case-document:read') && <DocumentsPanel id={c.id} />}
            <Timeline id={c.id} />
          </div>
          <div className="stack w4">
            <Parties of={c} />
            {may(session, 'case-task:read') && <TasksPanel id={c.id} />}
            <DeadlinesPanel of={c} />
            {c.shared && !(c.origin && c.destination) && may(session, 'case-view:read') && <ViewPanel id={c.id} />}
            {may(session, 'opposition:read') && <OppositionsPanel of={c} />}
            {may(session, 'case-note:read') && <Notes id={c.id} writable={may(session, 'case-note:add')} />}
          </div>
        </div>
      </div>
      {act && <ActDialog of={c} act={act} onClose={() => setAct(undefined)} />}
    </>
  )
}

/** What clocks propose, and a register that does not follow. */
function Proposals({ of: c, onAct }: { of: Case; onAct: (act: string) => void }) {
  const { t, word, text, day } = useI18n()
  const follow = useMutation({ mutationFn: () => register(c.id), onSuccess: () => changed() })
  return (
    <>
      {c.proposals.map((p) => (
        <Alert key={p.act} color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
          {t('web.case.proposal', {
            Period: text(p.deadline.titles ?? {}) || p.deadline.code,
            Day: p.deadline.endsOn ? day(p.deadline.endsOn) : '',
            Act: word('case.act.', p.act),
          })}{' '}
          {c.allowed.includes(p.act) && (
            <Button size="compact-sm" variant="default" onClick={() => onAct(p.act)}>
              {word('case.act.', p.act)}
            </Button>
          )}
        </Alert>
      ))}
      {c.allowed.includes('register') && (
        <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
          {t('web.case.behind')}{' '}
          <Button size="compact-sm" variant="default" loading={follow.isPending} onClick={() => follow.mutate()}>
            {word('case.act.', 'register')}
          </Button>
          <ProblemAlert error={follow.error} />
        </Alert>
      )}
    </>
  )
}

/** What is awaited from whom, and what we may do. */
function Turn({ of: c, onAct }: { of: Case; onAct: (act: string) => void }) {
  const { t, word } = useI18n()
  const acts = c.allowed.filter((a) => a !== 'register')
  return (
    <Panel title={t('web.case.turn')}>
      <div className="stack">
        <dl className="facts">
          {SIDES.map((side) => (
            <div key={side}>
              <dt>{word('case.side.', side)}</dt>
              <dd>
                {c.expected
                  .filter((e) => e.side === side)
                  .map((e) => word('case.act.', e.act))
                  .join(' · ') || '—'}
              </dd>
            </div>
          ))}
        </dl>
        {acts.length > 0 && (
          <div className="row">
            {acts.map((a) => (
              <Button
                key={a}
                size="compact-md"
                variant={c.expected.some((e) => e.act === a) && !ENDS.includes(a) ? 'filled' : 'default'}
                onClick={() => onAct(a)}
              >
                {word('case.act.', a)}
              </Button>
            ))}
          </div>
        )}
      </div>
    </Panel>
  )
}

function Parties({ of: c }: { of: Case }) {
  const { t, word, text, market } = useI18n()
  return (
    <Panel title={t('web.case.parties')}>
      <ul className="list">
        {SIDES.map((side) => {
          const party = c[side]
          return (
            <li key={side}>
              <span>
                <bdi>
                  {party ? text(party.names) || party.slug : market(side === 'origin' ? c.originOffice : c.market)}
                </bdi>
                <div className="soft small">
                  {word('case.side.', side)}
                  {!party && ` · ${t('web.case.by-hand')}`}
                  {c.sides.includes(side) && ` · ${t('web.case.ours')}`}
                </div>
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

/** Everything that happened, of both sides, newest first. */
function Timeline({ id }: { id: string }) {
  const { t } = useI18n()
  const { data, error } = useQuery(eventsQuery(id))
  return (
    <Panel title={t('web.case.timeline')}>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={160} />}
      <ol className="timeline" reversed>
        {data && [...data.items].reverse().map((e) => <Entry key={e.seq} event={e} />)}
      </ol>
    </Panel>
  )
}

function Entry({ event: e }: { event: Event }) {
  const { t, word, text, day, instant } = useI18n()
  const days = [
    e.effectiveOn && t('web.history.effective', { Day: day(e.effectiveOn) }),
    e.receivedOn && t('web.case.received', { Day: day(e.receivedOn) }),
  ].filter(Boolean)
  return (
    <li data-tone={ENDS.includes(e.act) ? 'bad' : STATE[e.to]} data-void={!e.standing || undefined}>
      <div className="row">
        <b>
          {e.seq}. {word('case.act.', e.act)}
        </b>
        <span>{day(e.on)}</span>
        <span className="soft">{word('case.side.', e.side)}</span>
      </div>
      {(days.length > 0 || e.reference) && (
        <p className="small">{[...days, e.reference].filter(Boolean).join(' · ')}</p>
      )}
      {e.reason && (
        <p className="quote" dir="auto">
          {e.reason}
        </p>
      )}
      {e.documents?.map((d, i) => (
        <p key={i} className="small">
          <bdi>{d.title}</bdi> <code className="soft">{d.sha256?.slice(0, 12)}</code>
        </p>
      ))}
      <p className="soft small">
        {t('web.case.recorded', { Name: text(e.recorder.names) || e.recorder.slug, When: instant(e.recordedAt) })}
        {e.about && ` · ${t('web.case.about-event', { Number: e.about })}`}
      </p>
    </li>
  )
}

/** What only our side sees. */
function Notes({ id, writable }: { id: string; writable: boolean }) {
  const { t, instant } = useI18n()
  const { data, error } = useQuery(notesQuery(id))
  const [words, setWords] = useState('')
  const run = useMutation({
    mutationFn: () => addNote(id, words),
    onSuccess: async () => {
      setWords('')
      await changed()
    },
  })
  return (
    <Panel title={t('web.case.notes')}>
      <p className="soft small">{t('web.case.notes-why')}</p>
      <ProblemAlert error={error ?? run.error} />
      {writable && (
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault()
            run.mutate()
          }}
        >
          <Textarea
            aria-label={t('web.case.note')}
            autosize
            minRows={2}
            value={words}
            onChange={(e) => setWords(e.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={!words.trim()} loading={run.isPending}>
            {t('web.case.note-add')}
          </Button>
        </form>
      )}
      <ul className="list">
        {data?.items.map((n) => (
          <li key={n.id}>
            <span>
              <span dir="auto">{n.text}</span>
              <div className="soft small">
                {n.by} · {instant(n.at)}
              </div>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
