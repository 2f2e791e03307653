import { Alert, Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { MomentPicker } from '../../ui/MomentPicker'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ActDialog } from './ActDialog'
import { ContentPanels } from './ContentPanels'
import { HistoryPanel } from './HistoryPanel'
import { type Act, actsIn, ENDS, type Registration, registrationQuery, STATUS, WAY } from './queries'

const route = getRouteApi('/house/registrations/$id')

export function RegistrationPage() {
  const { id } = route.useParams()
  const moment = route.useSearch()
  const { data, error, refetch } = useQuery(registrationQuery(id, moment))
  const { t } = useI18n()
  const crumb = (
    <Link to="/registrations" className="crumb">
      <Back>{t('web.registrations.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.registrations.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
        <Asking />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown registration={data.record} past={Boolean(moment.on || moment.asOf)} crumb={crumb} />
}

function Asking() {
  const navigate = route.useNavigate()
  return (
    <MomentPicker moment={route.useSearch()} asks={['on', 'asOf']} onShow={(search) => void navigate({ search })} />
  )
}

type Props = { registration: Registration; past: boolean; crumb: React.ReactNode }

function Shown({ registration: r, past, crumb }: Props) {
  const { t, word, instant, day } = useI18n()
  const [act, setAct] = useState<Act>()
  const original = r.content.names.find((n) => n.kind === 'original')
  return (
    <>
      <PageHead
        title={r.title}
        lang={original?.language}
        crumb={crumb}
        tag={<Tag tone={STATUS[r.status].tone}>{word('registration.status.', r.status)}</Tag>}
        acts={!past && <Acts registration={r} onAct={setAct} />}
        lead={t('web.registration.version', { Number: r.version, When: instant(r.updatedAt) })}
      />
      <div className="stack">
        {past && (
          <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
            {r.on && `${t('web.registration.on-day', { Day: day(r.on) })} `}
            {r.asOf && `${t('web.registration.as-of', { When: instant(r.asOf) })} `}
            <Link to="." search={{}}>
              {t('web.registration.now')}
            </Link>
          </Alert>
        )}
        <Way registration={r} />
        <div className="grid">
          <div className="stack w8">
            <ContentPanels content={r.content} />
          </div>
          <div className="stack w4">
            <Asking />
            <Periods registration={r} />
            <HistoryPanel id={r.id} correctable={!past && r.allowed.includes('correct')} />
          </div>
        </div>
      </div>
      {act && <ActDialog id={r.id} act={act} onClose={() => setAct(undefined)} />}
    </>
  )
}

/** Whether others see it: from its publication on, unless it was withdrawn. */
const isPublic = (r: Registration) => r.status !== 'withdrawn' && r.periods.some((p) => p.status === 'published')

function Acts({ registration: r, onAct }: { registration: Registration; onAct: (act: Act) => void }) {
  const { t, word } = useI18n()
  const session = useSession()
  return (
    <>
      {may(session, 'dossier:create') && r.status === 'registered' && (
        <LinkButton variant="default" to="/dossiers/new" search={{ registration: r.id }}>
          {t('web.dossier.new')}
        </LinkButton>
      )}
      {may(session, 'clearance-report:read') && (
        <LinkButton variant="default" to="/clearance" search={{ registrationId: r.id }}>
          {t('web.clearance.check')}
        </LinkButton>
      )}
      {may(session, 'mark-authorisation:read') && r.status === 'registered' && (
        <LinkButton variant="default" to="/mark-authorisations" search={{ registrationId: r.id }}>
          {t('web.special-marks.nav')}
        </LinkButton>
      )}
      {may(session, 'credential:read') && isPublic(r) && (
        <LinkButton variant="default" to="/credentials" search={{ recordId: r.id }}>
          {t('web.credentials.nav')}
        </LinkButton>
      )}
      {may(session, 'credential:issue') && isPublic(r) && (
        <LinkButton variant="default" to="/credentials/new" search={{ kind: 'registration', record: r.id }}>
          {t('web.credential.new')}
        </LinkButton>
      )}
      {r.allowed.includes('update') && (
        <LinkButton variant="default" to="/registrations/$id/edit" params={{ id: r.id }}>
          {word('registration.act.', 'update')}
        </LinkButton>
      )}
      {actsIn(r.allowed).map((a) => (
        <Button
          key={a}
          variant={ENDS.includes(a) ? 'outline' : 'filled'}
          color={ENDS.includes(a) ? 'rose' : 'river'}
          onClick={() => onAct(a)}
        >
          {word('registration.act.', a)}
        </Button>
      ))}
    </>
  )
}

/** The way from draft to register as a river, with a gold buoy where the registration is. */
function Way({ registration: r }: { registration: Registration }) {
  const { t, word } = useI18n()
  const stage = STATUS[r.status].stage
  if (stage === undefined) return null
  return (
    <ol className="river" aria-label={t('web.registration.way')}>
      {WAY.map((s, i) => {
        const here = i === stage
        return (
          <li key={s} data-at={here ? 'now' : i < stage ? 'past' : undefined} aria-current={here ? 'step' : undefined}>
            {word('registration.status.', here ? r.status : s)}
          </li>
        )
      })}
    </ol>
  )
}

function Periods({ registration: r }: { registration: Registration }) {
  const { t, word, day } = useI18n()
  if (!r.periods.length) return null
  return (
    <Panel title={t('web.registration.periods')}>
      <ul className="list">
        {r.periods.map((p, i) => (
          <li key={i}>
            <Tag tone={STATUS[p.status].tone}>{word('registration.status.', p.status)}</Tag>
            <span className="end small">
              {p.until
                ? t('web.period', { From: day(p.from), Until: day(p.until) })
                : t('web.period.open', { From: day(p.from) })}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
