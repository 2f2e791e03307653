import { Alert, Button, Modal, Skeleton, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import type { Schema } from '../../api/client'
import { keep } from '../../api/download'
import { may, useSession } from '../../api/session'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ActDialog } from './ActDialog'
import { ChangesPanel } from './ChangesPanel'
import { ConsentsPanel } from './ConsentsPanel'
import { DuesPanel } from './DuesPanel'
import { LandPanel } from './LandPanel'
import { LettersPanel } from './LettersPanel'
import {
  ACTS,
  type Act,
  certify,
  changed,
  ENDS,
  erase,
  historyQuery,
  invite,
  type Member,
  memberQuery,
  reveal,
  TONE,
} from './queries'
import { ReasonDialog } from './ReasonDialog'

const route = getRouteApi('/house/members/$id')

export function MemberPage() {
  const { id } = route.useParams()
  const { t } = useI18n()
  const { data, error, refetch } = useQuery(memberQuery(id))
  const crumb = (
    <Link to="/members" className="crumb">
      <Back>{t('web.members.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.members.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown key={id} member={data.record} etag={data.etag} crumb={crumb} />
}

type Dialog = Act | 'reveal' | 'erase'

function Shown({ member: m, etag, crumb }: { member: Member; etag: string; crumb: React.ReactNode }) {
  const { t, word, day } = useI18n()
  const session = useSession()
  const [dialog, setDialog] = useState<Dialog>()
  const [shown, setShown] = useState<Schema['MemberPrivate']>()
  const close = () => setDialog(undefined)
  const act = ACTS.find((a) => a === dialog)
  return (
    <>
      <PageHead
        title={m.name || t('web.members.erased')}
        crumb={crumb}
        tag={<Tag tone={TONE[m.status]}>{word('member.status.', m.status)}</Tag>}
        lead={[word('member.category.', m.category), m.number, t('web.members.applied', { Day: day(m.appliedOn) })]
          .filter(Boolean)
          .join(' · ')}
        acts={<Acts member={m} onAct={setDialog} />}
      />
      <div className="stack">
        {m.expiring && (
          <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
            {t('web.members.expiring', { Numbers: m.expiring.join(', ') })}
          </Alert>
        )}
        <div className="grid">
          <div className="stack w8">
            <ChangesPanel memberId={m.id} />
            <FactsPanel member={m} shown={shown} onReveal={() => setDialog('reveal')} />
            <LandPanel member={m} />
            {may(session, 'dues-invoice:read') && <DuesPanel member={m} />}
            <ConsentsPanel member={m} />
            <LettersPanel member={m} />
          </div>
          <div className="stack w4">
            <History id={m.id} />
          </div>
        </div>
      </div>
      {act && <ActDialog id={m.id} etag={etag} act={act} onClose={close} />}
      {dialog === 'reveal' && (
        <ReasonDialog
          title={t('web.members.reveal')}
          note={t('web.members.reveal-note')}
          label={t('web.members.purpose')}
          run={async (purpose) => setShown(await reveal(m.id, purpose))}
          onClose={close}
        />
      )}
      {dialog === 'erase' && (
        <ReasonDialog
          danger
          title={t('web.members.erase')}
          note={t('web.members.erase-note')}
          label={t('web.members.reason')}
          run={async (reason) => {
            await erase(m.id, etag, reason)
            await changed()
          }}
          onClose={close}
        />
      )}
    </>
  )
}

/** The link that opens the member's portal, shown once. */
function Invitation({ link, onClose }: { link: Schema['MemberInvitation']; onClose: () => void }) {
  const { t, instant } = useI18n()
  return (
    <Modal opened onClose={onClose} title={t('web.members.invite')}>
      <p>{t('web.members.invite-note', { When: instant(link.expiresAt) })}</p>
      <TextInput
        readOnly
        dir="ltr"
        aria-label={t('web.members.invite')}
        value={link.address}
        onFocus={(e) => e.currentTarget.select()}
      />
    </Modal>
  )
}

function Acts({ member: m, onAct }: { member: Member; onAct: (dialog: Dialog) => void }) {
  const { t, word } = useI18n()
  const session = useSession()
  const navigate = useNavigate()
  const extracting = useMutation({
    mutationFn: () => keep(`/api/v1/members/${m.id}/extract`, 'member.json'),
    onError: useRefused(),
  })
  const issuing = useMutation({
    mutationFn: () => certify(m.id),
    onSuccess: () => void navigate({ to: '/credentials/new', search: { kind: 'membership', record: m.id } }),
    onError: useRefused(),
  })
  const inviting = useMutation({ mutationFn: () => invite(m.id), onError: useRefused() })
  return (
    <>
      {m.allowed.includes('invite') && (
        <Button variant="default" loading={inviting.isPending} onClick={() => inviting.mutate()}>
          {t('web.members.invite')}
        </Button>
      )}
      {inviting.data && <Invitation link={inviting.data} onClose={inviting.reset} />}
      {m.allowed.includes('update') && (
        <LinkButton variant="default" to="/members/$id/edit" params={{ id: m.id }}>
          {word('member.act.', 'update')}
        </LinkButton>
      )}
      {m.creditCode && (
        <Button component="a" variant="default" href={`/mark-users?q=${encodeURIComponent(m.creditCode)}`}>
          {t('web.members.mark')}
        </Button>
      )}
      {m.allowed.includes('extract') && (
        <Button variant="default" loading={extracting.isPending} onClick={() => extracting.mutate()}>
          {t('web.members.extract')}
        </Button>
      )}
      {m.allowed.includes('certify') && may(session, 'credential:issue') && (
        <Button variant="default" loading={issuing.isPending} onClick={() => issuing.mutate()}>
          {t('web.members.certificate')}
        </Button>
      )}
      {m.allowed.includes('erase') && (
        <Button variant="outline" color="rose" onClick={() => onAct('erase')}>
          {t('web.members.erase')}
        </Button>
      )}
      {ACTS.filter((a) => m.allowed.includes(a)).map((a) => (
        <Button
          key={a}
          variant={ENDS.includes(a) ? 'outline' : 'filled'}
          color={ENDS.includes(a) ? 'rose' : 'river'}
          onClick={() => onAct(a)}
        >
          {word('member.act.', a)}
        </Button>
      ))}
    </>
  )
}

type FactsProps = { member: Member; shown?: Schema['MemberPrivate']; onReveal: () => void }

/** What is written of a member. What is private is masked until somebody says for what it is needed. */
function FactsPanel({ member: m, shown, onReveal }: FactsProps) {
  const { t, day } = useI18n()
  const contacts = shown?.contacts ?? m.contacts
  const facts: [string, string | undefined][] = [
    [t('web.members.credit-code'), m.creditCode],
    [t('web.members.id-number'), shown?.idNumber ?? m.idNumber],
    [t('web.members.representative'), m.representative],
    [t('web.members.address'), m.address],
    [t('web.members.varieties'), m.varieties.join(', ')],
    [t('web.members.note'), m.note],
  ]
  return (
    <Panel
      title={t('web.members.facts')}
      aside={
        m.allowed.includes('reveal') &&
        !shown && (
          <Button size="compact-sm" variant="default" onClick={onReveal}>
            {t('web.members.reveal')}
          </Button>
        )
      }
    >
      <FactList of={facts}>
        {contacts.map((c, i) => (
          <Fragment key={i}>
            <dt>{c.role || t('web.members.contact')}</dt>
            <dd>
              <bdi>{[c.name, c.phone, c.email].filter(Boolean).join(' · ')}</bdi>
            </dd>
          </Fragment>
        ))}
        {m.licences.map((l) => (
          <Fragment key={l.number}>
            <dt>{l.kind}</dt>
            <dd>
              <bdi>{l.number}</bdi>
              {l.untilOn && <span className="soft"> · {t('web.members.until', { Day: day(l.untilOn) })}</span>}
            </dd>
          </Fragment>
        ))}
      </FactList>
    </Panel>
  )
}

function History({ id }: { id: string }) {
  const { t, word, day, instant } = useI18n()
  const { data = [], error } = useQuery(historyQuery(id))
  return (
    <Panel title={t('web.history')}>
      <ProblemAlert error={error} />
      <ol className="timeline" reversed>
        {[...data].reverse().map((e) => (
          <li key={e.seq} data-tone={TONE[e.status]}>
            <div className="row">
              <b>{word('member.act.', e.act)}</b>
              <span>{day(e.on)}</span>
            </div>
            {e.changed.length > 0 && (
              <p className="small">{e.changed.map((field) => word('member.field.', field)).join(', ')}</p>
            )}
            {e.reference && (
              <p className="small">
                <bdi>{e.reference}</bdi>
              </p>
            )}
            {e.reason && (
              <p className="quote" dir="auto">
                {e.reason}
              </p>
            )}
            <p className="soft small">
              {t('web.history.recorded', { Name: e.recordedBy, When: instant(e.recordedAt) })}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
