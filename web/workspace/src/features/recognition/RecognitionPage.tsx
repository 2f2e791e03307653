import { Alert, Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { FactList } from '../../ui/FactList'
import { directionOf, useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { MomentPicker } from '../../ui/MomentPicker'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { SourcesPanel } from '../../ui/Sources'
import { Tag } from '../../ui/Tag'
import { EndDialog } from './EndDialog'
import { PublishDialog } from './PublishDialog'
import { instrumentQuery, originsQuery, PROTECTION, PUBLISHED, type Recognition, recognitionQuery } from './queries'
import { TimesPanel } from './TimesPanel'

const route = getRouteApi('/house/recognitions/$id')

export function RecognitionPage() {
  const { t } = useI18n()
  const { id } = route.useParams()
  const moment = route.useSearch()
  const { data, error, refetch } = useQuery(recognitionQuery(id, moment))
  const crumb = (
    <Link to="/recognitions" className="crumb">
      <Back>{t('web.recognitions.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.recognitions.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
        <Asking />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown recognition={data.record} crumb={crumb} />
}

function Asking() {
  const navigate = route.useNavigate()
  return <MomentPicker moment={route.useSearch()} asks={['asOf']} onShow={(search) => void navigate({ search })} />
}

function Shown({ recognition: r, crumb }: { recognition: Recognition; crumb: React.ReactNode }) {
  const { t, word, instant, text } = useI18n()
  const { asOf } = route.useSearch()
  return (
    <>
      <PageHead
        title={r.name}
        lang={r.language}
        crumb={crumb}
        tag={
          <>
            <Tag tone={PROTECTION[r.protection]}>{word('protection.', r.protection)}</Tag>
            <Tag tone={PUBLISHED[r.published]}>{word('published.', r.published)}</Tag>
          </>
        }
        acts={!asOf && <Acts recognition={r} />}
        lead={t('web.registration.version', { Number: r.version, When: instant(r.knownFrom) })}
      />
      <div className="stack">
        {asOf && (
          <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
            {t('web.registration.as-of', { When: instant(asOf) })}{' '}
            <Link to="." search={{}}>
              {t('web.registration.now')}
            </Link>
          </Alert>
        )}
        <div className="grid">
          <div className="stack w8">
            <Facts recognition={r} />
            <Forms recognition={r} />
            {Object.keys(r.limits).length > 0 && (
              <Panel title={t('web.recognition.limits')}>
                <p className="prewrap">{text(r.limits)}</p>
              </Panel>
            )}
            <SourcesPanel sources={r.sources} />
          </div>
          <div className="stack w4">
            <TimesPanel id={r.id} />
            <Asking />
          </div>
        </div>
      </div>
    </>
  )
}

function Acts({ recognition: r }: { recognition: Recognition }) {
  const { t } = useI18n()
  const session = useSession()
  const [doing, setDoing] = useState<'publish' | 'end'>()
  const close = () => setDoing(undefined)
  return (
    <>
      <LinkButton variant="default" to="/status" search={{ name: r.name, market: r.market }}>
        {t('web.recognition.ask')}
      </LinkButton>
      {may(session, 'credential:read') && r.published !== 'never' && (
        <LinkButton variant="default" to="/credentials" search={{ recordId: r.id }}>
          {t('web.credentials.nav')}
        </LinkButton>
      )}
      {may(session, 'credential:issue') && r.published === 'current' && r.protection !== 'refused' && (
        <LinkButton variant="default" to="/credentials/new" search={{ kind: 'recognition', record: r.id }}>
          {t('web.credential.new')}
        </LinkButton>
      )}
      {r.allowed.includes('update') && (
        <LinkButton variant="default" to="/recognitions/$id/edit" params={{ id: r.id }}>
          {t('web.recognition.update')}
        </LinkButton>
      )}
      {r.allowed.includes('publish') && (
        <Button onClick={() => setDoing('publish')}>{t('web.recognition.publish')}</Button>
      )}
      {r.allowed.includes('end') && (
        <Button variant="outline" color="rose" onClick={() => setDoing('end')}>
          {t('web.recognition.end')}
        </Button>
      )}
      {doing === 'end' && <EndDialog recognition={r} onClose={close} />}
      {doing === 'publish' && (
        <PublishDialog
          noun="recognitions"
          name={r.name}
          id={r.id}
          etag={r.etag}
          instrumentId={r.instrumentId}
          onClose={close}
        />
      )}
    </>
  )
}

function Facts({ recognition: r }: { recognition: Recognition }) {
  const { t, market, day } = useI18n()
  const facts: [string, React.ReactNode][] = [
    [t('web.recognition.market'), market(r.market)],
    [t('web.recognition.origin'), market(r.originOffice)],
    [t('web.recognition.instrument'), <Under key="under" recognition={r} />],
    [t('web.recognition.position'), r.position && <bdi>{r.position}</bdi>],
    [t('web.recognition.from'), day(r.from)],
    [t('web.recognition.until'), r.until ? day(r.until) : t('web.recognition.no-end')],
    [t('web.recognition.phase-out'), r.phaseOutUntil && day(r.phaseOutUntil)],
    [t('web.recognition.registration'), r.registration && <Origin key="origin" recognition={r} />],
  ]
  return (
    <Panel title={t('web.registration.facts')}>
      <FactList of={facts} />
    </Panel>
  )
}

/** The instrument and the list that the name stands on. */
function Under({ recognition: r }: { recognition: Recognition }) {
  const { t, text } = useI18n()
  const id = r.instrumentId ?? ''
  const { data } = useQuery({ ...instrumentQuery(id), enabled: id !== '' })
  if (!id) return t('web.recognition.direct')
  const list = data?.record.lists.find((l) => l.code === r.list)
  return (
    <>
      <Link to="/instruments/$id" params={{ id }}>
        <bdi>{(data && text(data.record.titles)) || r.instrumentCode}</bdi>
      </Link>
      {r.list && (
        <>
          {' · '}
          <bdi>{(list && text(list.titles)) || r.list}</bdi>
        </>
      )}
    </>
  )
}

/** The registration at origin: our own is a page here, another house's is what that house published. */
function Origin({ recognition: r }: { recognition: Recognition }) {
  const { t, text } = useI18n()
  const session = useSession()
  const { data, isPending } = useQuery(originsQuery(r.name, r.originOffice))
  const link = r.registration
  if (!link) return null
  const found = data?.find((p) => p.recordId === link.recordId)
  if (link.publisherId === session.tenant.id && may(session, 'registration:read')) {
    return (
      <Link to="/registrations/$id" params={{ id: link.recordId }}>
        {t('web.recognition.registration-own')}
      </Link>
    )
  }
  if (!found) return isPending ? '…' : t('web.recognition.registration-unseen')
  return (
    <a href={`/api/v1/publications/${found.id}`} target="_blank" rel="noreferrer">
      {t('web.recognition.registration-of', { Name: text(found.publisher.names) })}
    </a>
  )
}

function Forms({ recognition: r }: { recognition: Recognition }) {
  const { t, word, language } = useI18n()
  const forms = [{ text: r.name, language: r.language, kind: undefined, scheme: undefined }, ...r.forms]
  return (
    <Panel title={t('web.recognition.names')}>
      <ul className="list">
        {forms.map((f, i) => (
          <li key={i}>
            <span className="display" lang={f.language} dir={directionOf(f.language)} style={{ fontSize: 19 }}>
              {f.text}
            </span>
            <span className="end soft small">
              {[language(f.language), f.kind ? word('name.kind.', f.kind) : t('web.recognition.as-protected'), f.scheme]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
