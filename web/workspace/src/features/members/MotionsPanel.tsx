import { Button } from '@mantine/core'
import { useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import { DecideDialog } from './DecideDialog'
import { type Meeting, type Motion, shareText } from './meetings'
import { ProposeDialog } from './ProposeDialog'
import { VoteDialog } from './VoteDialog'

/** What is put to the vote of a meeting, and what came of it. */
export function MotionsPanel({ meeting: m }: { meeting: Meeting }) {
  const { t } = useI18n()
  const [proposing, setProposing] = useState(false)
  return (
    <Panel
      title={t('web.meeting.motions')}
      aside={
        m.allowed.includes('propose') && (
          <Button size="compact-sm" variant="default" onClick={() => setProposing(true)}>
            {t('web.meeting.propose')}
          </Button>
        )
      }
    >
      {m.motions.length === 0 && <p className="soft">{t('web.meeting.motions-none')}</p>}
      <ol className="list">
        {m.motions.map((o) => (
          <Line key={o.id} meeting={m} motion={o} />
        ))}
      </ol>
      {proposing && <ProposeDialog id={m.id} onClose={() => setProposing(false)} />}
    </Panel>
  )
}

function Line({ meeting: m, motion: o }: { meeting: Meeting; motion: Motion }) {
  const { t, word, number } = useI18n()
  const [dialog, setDialog] = useState<'vote' | 'decide'>()
  const close = () => setDialog(undefined)
  const tally = { For: number(o.for), Against: number(o.against), Abstain: number(o.abstain) }
  return (
    <li>
      <bdi className="mono">{number(o.number)}</bdi>
      <b dir="auto">{o.title}</b>
      <Tag tone={o.result === 'carried' ? 'ok' : o.result === 'lost' ? 'bad' : 'plain'}>
        {word('meeting.result.', o.result ?? 'open')}
      </Tag>
      {o.secret && <Tag tone="info">{t('web.meeting.secret')}</Tag>}
      {!o.decidedAt && (
        <div className="end row">
          {m.allowed.includes('vote') && !o.secret && (
            <Button size="compact-xs" variant="default" onClick={() => setDialog('vote')}>
              {t('web.meeting.vote')}
            </Button>
          )}
          {m.allowed.includes('decide') && (
            <Button size="compact-xs" onClick={() => setDialog('decide')}>
              {t('web.meeting.decide')}
            </Button>
          )}
        </div>
      )}
      {o.text && (
        <span className="sub" dir="auto">
          {o.text}
        </span>
      )}
      <span className="sub">
        {t(`meeting.majority.${o.majority.base}`, { Share: shareText(o.majority.share) })}
        {' · '}
        {t('web.meeting.tally', tally)}
        {o.present !== undefined && ` · ${t('web.meeting.of-present', { Present: number(o.present) })}`}
      </span>
      {dialog === 'vote' && <VoteDialog meeting={m} motion={o} onClose={close} />}
      {dialog === 'decide' && <DecideDialog meeting={m} motion={o} onClose={close} />}
    </li>
  )
}
