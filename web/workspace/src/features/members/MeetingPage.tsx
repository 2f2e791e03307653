import { Alert, Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { PaperButton } from '../../ui/PaperButton'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { CallDialog } from './CallDialog'
import { MinutesPanel } from './MinutesPanel'
import { MotionsPanel } from './MotionsPanel'
import { cancel, close, type Meeting, meetingQuery, open, printMeeting, shareText, TONE } from './meetings'
import { changed } from './queries'
import { ReasonDialog } from './ReasonDialog'
import { RollPanel } from './RollPanel'

const route = getRouteApi('/house/meetings/$id')

/** A meeting: notice, quorum with its calculation, who came, what was put to the vote, and the minutes. */
export function MeetingPage() {
  const { id } = route.useParams()
  const { t, word, instant } = useI18n()
  const { data: m, error, refetch } = useQuery(meetingQuery(id))
  const crumb = (
    <Link to="/meetings" className="crumb">
      <Back>{t('web.meetings.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.meetings.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!m) return <Skeleton h={420} radius={14} />
  return (
    <>
      <PageHead
        title={m.title}
        crumb={crumb}
        tag={<Tag tone={TONE[m.status]}>{word('meeting.status.', m.status)}</Tag>}
        lead={[word('meeting.kind.', m.kind), instant(m.beginsAt), m.timeZone].join(' · ')}
        acts={<Acts meeting={m} />}
      />
      <div className="grid">
        <div className="stack w8">
          <MotionsPanel meeting={m} />
          {m.calledOn && <RollPanel meeting={m} />}
          {m.status === 'closed' && <MinutesPanel meeting={m} />}
        </div>
        <div className="stack w4">
          <Facts meeting={m} />
        </div>
      </div>
    </>
  )
}

function Acts({ meeting: m }: { meeting: Meeting }) {
  const { t } = useI18n()
  const [dialog, setDialog] = useState<'call' | 'cancel'>()
  const refused = useRefused()
  const opening = useMutation({ mutationFn: () => open(m), onSuccess: changed, onError: refused })
  const closing = useMutation({ mutationFn: () => close(m), onSuccess: changed, onError: refused })
  const may = (act: string) => m.allowed.includes(act)
  return (
    <>
      {may('print') && m.calledOn && (
        <PaperButton key={m.etag} print={(language) => printMeeting(m.id, language)} label={t('web.paper.make')} />
      )}
      {may('update') && (
        <LinkButton variant="default" to="/meetings/$id/edit" params={{ id: m.id }}>
          {t('member.act.update')}
        </LinkButton>
      )}
      {may('cancel') && (
        <Button variant="outline" color="rose" onClick={() => setDialog('cancel')}>
          {t('meeting.act.cancel')}
        </Button>
      )}
      {may('call') && <Button onClick={() => setDialog('call')}>{t('meeting.act.call')}</Button>}
      {may('open') && (
        <Button loading={opening.isPending} onClick={() => opening.mutate()}>
          {t('meeting.act.open')}
        </Button>
      )}
      {may('close') && (
        <Button loading={closing.isPending} onClick={() => closing.mutate()}>
          {t('meeting.act.close')}
        </Button>
      )}
      {dialog === 'call' && <CallDialog meeting={m} onClose={() => setDialog(undefined)} />}
      {dialog === 'cancel' && (
        <ReasonDialog
          danger
          title={t('meeting.act.cancel')}
          note={t('web.meeting.cancel-note')}
          label={t('web.members.reason')}
          run={async (reason) => {
            await cancel(m, reason)
            await changed()
          }}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  )
}

function Facts({ meeting: m }: { meeting: Meeting }) {
  const { t, day, number } = useI18n()
  const { rule, quorum } = m
  return (
    <>
      {rule && quorum && (
        <Panel title={t('web.meeting.quorum')}>
          <div className="stack tight">
            <p>
              {t(`meeting.quorum-of.${rule.quorumBase}`, {
                Share: shareText(rule.quorum),
                Of: number(quorum.counted),
                Needed: number(quorum.needed),
                Present: number(quorum.present),
              })}
            </p>
            <Alert
              color={quorum.reached ? 'green' : 'yellow'}
              variant="light"
              styles={{ message: { color: 'var(--ink-900)' } }}
            >
              {t(quorum.reached ? 'meeting.quorum.reached' : 'meeting.quorum.not-reached')}
            </Alert>
            <p className="quote" dir="auto">
              {rule.source}
            </p>
          </div>
        </Panel>
      )}
      <Panel title={t('web.meeting.agenda')}>
        <FactList
          of={[
            [t('web.meeting.place'), m.place],
            [t('web.meeting.link'), m.link],
            [t('web.meeting.cancelled-why'), m.reason],
            [
              t('web.meeting.called-on'),
              m.calledOn && rule && t('web.meeting.notice-of', { Day: day(m.calledOn), Days: number(rule.noticeDays) }),
            ],
          ]}
        />
        <ol>
          {m.agenda.map((item, i) => (
            <li key={i} dir="auto">
              <b>{item.title}</b>
              {item.text && <p className="small">{item.text}</p>}
            </li>
          ))}
        </ol>
      </Panel>
    </>
  )
}
