import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { SourcesPanel } from '../../ui/Sources'
import { Tag } from '../../ui/Tag'
import { ProcedurePanel } from './ProcedurePanel'
import { PublishDialog } from './PublishDialog'
import { type Instrument, instrumentQuery, PROTECTION, PUBLISHED, recognitionsQuery } from './queries'

const route = getRouteApi('/house/instruments/$id')

export function InstrumentPage() {
  const { t } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(instrumentQuery(id))
  const crumb = (
    <Link to="/instruments" className="crumb">
      <Back>{t('web.instruments.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.instruments.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown instrument={data.record} crumb={crumb} />
}

function Shown({ instrument: i, crumb }: { instrument: Instrument; crumb: React.ReactNode }) {
  const { t, word, text, instant } = useI18n()
  return (
    <>
      <PageHead
        title={text(i.titles)}
        crumb={crumb}
        tag={
          <>
            <Tag>{word('instrument.kind.', i.kind)}</Tag>
            <Tag tone={PUBLISHED[i.published]}>{word('published.', i.published)}</Tag>
          </>
        }
        acts={<Acts instrument={i} />}
        lead={
          <>
            <bdi className="mono">{i.code}</bdi> · {t('web.instrument.changed', { When: instant(i.updatedAt) })}
          </>
        }
      />
      <div className="grid">
        <div className="stack w7">
          <Facts instrument={i} />
          {i.lists.length > 0 && (
            <Panel title={t('web.instrument.lists')}>
              <ul className="list">
                {i.lists.map((l) => (
                  <li key={l.code}>
                    <bdi>{text(l.titles)}</bdi>
                    <span className="end soft small mono">{l.code}</span>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          <LegalTexts instrument={i} />
          <SourcesPanel sources={i.sources} />
        </div>
        <div className="stack w5">
          <Names instrument={i} />
        </div>
        <div className="w12">
          <ProcedurePanel of={i} />
        </div>
      </div>
    </>
  )
}

function Acts({ instrument: i }: { instrument: Instrument }) {
  const { t, text } = useI18n()
  const [publishing, setPublishing] = useState(false)
  return (
    <>
      {i.allowed.includes('update') && (
        <LinkButton variant="default" to="/instruments/$id/edit" params={{ id: i.id }}>
          {t('web.instrument.update')}
        </LinkButton>
      )}
      {i.allowed.includes('publish') && (
        <Button onClick={() => setPublishing(true)}>{t('web.recognition.publish')}</Button>
      )}
      {publishing && (
        <PublishDialog
          noun="instruments"
          name={text(i.titles)}
          id={i.id}
          etag={i.etag}
          instrumentId={i.id}
          onClose={() => setPublishing(false)}
        />
      )}
    </>
  )
}

function Facts({ instrument: i }: { instrument: Instrument }) {
  const { t, market, day } = useI18n()
  const facts = [
    [t('web.instrument.parties'), i.parties.map(market).join(', ')],
    [t('web.instrument.signed'), i.signedOn && day(i.signedOn)],
    [t('web.instrument.in-force'), i.inForceOn ? day(i.inForceOn) : t('web.instrument.not-in-force')],
    [t('web.instrument.ended'), i.endedOn && day(i.endedOn)],
    [t('web.instrument.scope'), i.scope.map((c) => [c.scheme, c.edition, c.code].filter(Boolean).join(' ')).join(', ')],
  ] as const
  return (
    <Panel title={t('web.registration.facts')}>
      <FactList of={facts} />
    </Panel>
  )
}

/** Where the text is read, in each of its languages, and what changed it. */
function LegalTexts({ instrument: i }: { instrument: Instrument }) {
  const { t, text, day, language } = useI18n()
  if (i.texts.length === 0 && i.amendments.length === 0) return null
  const linked = (title: string, url: string | undefined, lang?: string) =>
    url ? (
      <a href={url} rel="noreferrer" target="_blank">
        <bdi lang={lang}>{title}</bdi>
      </a>
    ) : (
      <bdi lang={lang}>{title}</bdi>
    )
  return (
    <Panel title={t('web.instrument.texts')}>
      <ul className="list">
        {i.texts.map((x, n) => (
          <li key={n}>
            {linked(x.title, x.url, x.language)}
            <span className="end soft small">
              {language(x.language)} {x.authentic && <Tag tone="ok">{t('web.instrument.authentic')}</Tag>}
            </span>
          </li>
        ))}
      </ul>
      {i.amendments.length > 0 && <h3>{t('web.instrument.amendments')}</h3>}
      <ul className="list">
        {i.amendments.map((x, n) => (
          <li key={n}>
            {linked(text(x.titles), x.url)}
            <span className="end soft small">
              {[
                x.signedOn && `${t('web.instrument.signed')} ${day(x.signedOn)}`,
                x.inForceOn && `${t('web.instrument.in-force')} ${day(x.inForceOn)}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** The names that this house has recorded under the instrument. */
function Names({ instrument: i }: { instrument: Instrument }) {
  const { t, word, market } = useI18n()
  const session = useSession()
  const { data, error } = useQuery({
    ...recognitionsQuery({ instrumentId: i.id }),
    enabled: may(session, 'recognition:read'),
  })
  return (
    <Panel
      title={t('web.recognitions.nav')}
      aside={
        may(session, 'recognition:record') && (
          <Link to="/recognitions/new" search={{ instrument: i.id }}>
            {t('web.recognition.new')}
          </Link>
        )
      }
    >
      <ProblemAlert error={error} />
      {data && data.items.length === 0 && <Empty title={t('web.instrument.no-names')} />}
      <ul className="list">
        {(data?.items ?? []).map((r) => (
          <li key={r.id}>
            <Link to="/recognitions/$id" params={{ id: r.id }}>
              <bdi lang={r.language}>{r.name}</bdi>
            </Link>
            <span className="end">
              <Tag tone={PROTECTION[r.protection]}>{word('protection.', r.protection)}</Tag>
            </span>
            <span className="sub">{[market(r.market), r.list, r.position].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
      {data?.next && (
        <Link to="/recognitions" search={{ instrumentId: i.id }}>
          {t('web.home.all')}
        </Link>
      )}
    </Panel>
  )
}
