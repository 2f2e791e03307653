import { Alert, Button, Menu, Skeleton } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { may, useSession } from '../../api/session'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationName } from '../../ui/RegistrationSelect'
import { Tag } from '../../ui/Tag'
import { ActDialog } from './ActDialog'
import { ArtworkPanel } from './ArtworkPanel'
import { BalancePanel } from './BalancePanel'
import { HistoryPanel } from './HistoryPanel'
import { MarksPanel } from './MarksPanel'
import {
  type Act,
  type Authorisation,
  actsIn,
  asks,
  authorisationQuery,
  type Ground,
  inForce,
  STATUS,
  WAY,
} from './queries'
import { RiskPanel } from './RiskPanel'
import { TimesPanel } from './TimesPanel'

const route = getRouteApi('/house/mark-authorisations/$id')

/** Who may use the mark, since when and why not any more; what comes next, and what this reader may do. */
export function AuthorisationPage() {
  const { id } = route.useParams()
  const { t } = useI18n()
  const { data, error, refetch } = useQuery(authorisationQuery(id))
  const crumb = (
    <Link to="/mark-authorisations" className="crumb">
      <Back>{t('web.special-marks.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.special-marks.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown key={id} authorisation={data.record} etag={data.etag} crumb={crumb} />
}

type Doing = { act: Act; ground?: Ground }

function Shown({ authorisation: a, etag, crumb }: { authorisation: Authorisation; etag: string; crumb: ReactNode }) {
  const { t, word, text } = useI18n()
  const [doing, setDoing] = useState<Doing>()
  return (
    <>
      <PageHead
        title={text(a.names)}
        crumb={crumb}
        tag={<Tag tone={STATUS[a.status].tone}>{word('mark-authorisation.status.', a.status)}</Tag>}
        lead={word('mark-authorisation.kind.', a.kind)}
        acts={<Acts authorisation={a} onAct={(act) => setDoing({ act })} />}
      />
      <div className="stack">
        {a.proposed.map((p) => (
          <Proposed key={p.act + p.why} proposal={p} allowed={a.allowed} onDo={setDoing} />
        ))}
        <Way status={a.status} />
        <div className="grid">
          <div className="stack w8">
            <FactsPanel authorisation={a} />
            <MarksPanel authorisation={a} />
            <BalancePanel authorisation={a} />
            <ArtworkPanel authorisation={a} />
          </div>
          <div className="stack w4">
            <TimesPanel authorisation={a} />
            <RiskPanel authorisation={a} />
            <HistoryPanel id={a.id} />
          </div>
        </div>
      </div>
      {doing && <ActDialog authorisation={a} etag={etag} {...doing} onClose={() => setDoing(undefined)} />}
      <p className="soft small">{t('web.special-marks.decided-by-people')}</p>
    </>
  )
}

function Acts({ authorisation: a, onAct }: { authorisation: Authorisation; onAct: (act: Act) => void }) {
  const { t, word } = useI18n()
  const session = useSession()
  const acts = actsIn(a.allowed)
  const [harm, help] = [acts.filter((act) => asks(act).ends), acts.filter((act) => !asks(act).ends)]
  return (
    <>
      {may(session, 'credential:read') && (inForce(a.status) || a.status === 'ended') && (
        <LinkButton variant="default" to="/credentials" search={{ recordId: a.id }}>
          {t('web.credentials.nav')}
        </LinkButton>
      )}
      {may(session, 'credential:issue') && inForce(a.status) && (
        <LinkButton variant="default" to="/credentials/new" search={{ kind: 'mark-authorisation', record: a.id }}>
          {t('web.credential.new')}
        </LinkButton>
      )}
      {a.allowed.includes('amend') && (
        <LinkButton variant="default" to="/mark-authorisations/$id/edit" params={{ id: a.id }}>
          {word('mark-authorisation.act.', 'amend')}
        </LinkButton>
      )}
      {help.map((act) => (
        <Button key={act} onClick={() => onAct(act)}>
          {word('mark-authorisation.act.', act)}
        </Button>
      ))}
      {harm.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="outline" color="rose" leftSection={<IconDots size={16} aria-hidden />}>
              {t('web.special-marks.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {harm.map((act) => (
              <Menu.Item key={act} onClick={() => onAct(act)}>
                {word('mark-authorisation.act.', act)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}

type ProposedProps = { proposal: Authorisation['proposed'][number]; allowed: string[]; onDo: (doing: Doing) => void }

/** What the register proposes by what is known today. A person decides. */
function Proposed({ proposal: p, allowed, onDo }: ProposedProps) {
  const { t, word } = useI18n()
  const [act] = actsIn([p.act])
  return (
    <Alert
      color="yellow"
      variant="light"
      title={t('web.special-marks.proposed', { Act: word('mark-authorisation.act.', p.act) })}
      styles={{ title: { color: 'var(--ink-900)' }, message: { color: 'var(--ink-900)' } }}
    >
      <div className="row">
        <p>{word('mark-authorisation.why.', p.why)}</p>
        {act && allowed.includes(act) && (
          <Button className="end" size="compact-sm" onClick={() => onDo({ act, ground: p.ground })}>
            {word('mark-authorisation.act.', act)}
          </Button>
        )}
      </div>
    </Alert>
  )
}

/** The way from application to entry as a river, with a gold buoy where it is. */
function Way({ status }: { status: Authorisation['status'] }) {
  const { t, word } = useI18n()
  const stage = STATUS[status].stage
  if (stage === undefined) return null
  return (
    <ol className="river" aria-label={t('web.special-marks.way')}>
      {WAY.map((s, i) => {
        const here = i === stage
        return (
          <li key={s} data-at={here ? 'now' : i < stage ? 'past' : undefined} aria-current={here ? 'step' : undefined}>
            {word('mark-authorisation.status.', here ? status : s)}
          </li>
        )
      })}
    </ol>
  )
}

function FactsPanel({ authorisation: a }: { authorisation: Authorisation }) {
  const { t, word, day, number, language } = useI18n()
  const facts: [string, ReactNode][] = [
    [t('web.special-marks.registration'), <RegistrationName key="r" id={a.registrationId} />],
    [
      t('web.credit-code'),
      <bdi key="c" className="mono">
        {a.creditCode}
      </bdi>,
    ],
    ...Object.entries(a.names).map(([tag, name]): [string, ReactNode] => [
      t('web.special-marks.name-in', { Language: language(tag) }),
      <bdi key={tag} lang={tag}>
        {name}
      </bdi>,
    ]),
    [t('web.special-marks.township'), a.township && <bdi key="t">{a.township}</bdi>],
    [t('web.special-marks.exports'), a.exports && t('web.yes')],
    [t('web.special-marks.content'), a.contentG && number(a.contentG)],
    [t('web.special-marks.notice'), a.notice && <bdi key="n">{a.notice}</bdi>],
    [t('web.special-marks.from'), a.fromOn && day(a.fromOn)],
    [t('web.special-marks.ended'), a.endedOn && day(a.endedOn)],
    [t('web.special-marks.ground'), a.ground && word('mark-authorisation.ground.', a.ground)],
  ]
  return (
    <Panel title={t('web.registration.facts')}>
      <FactList of={facts} />
    </Panel>
  )
}
