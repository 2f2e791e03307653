import { Button, CopyButton, Skeleton } from '@mantine/core'
import { IconCopy, IconDownload, IconExternalLink } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { cancelTask, useTask } from '../../api/task'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { TaskProgress } from '../../ui/TaskProgress'
import { ActDialog } from './ActDialog'
import {
  ACTS,
  type Act,
  type Credential,
  changed,
  credentialQuery,
  historyQuery,
  KINDS,
  LANGUAGES,
  oneOf,
  paperLink,
  qrPath,
  RECORDS,
  STATUS,
} from './queries'

const route = getRouteApi('/house/credentials/$id')

export function CredentialPage() {
  const { t } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(credentialQuery(id))
  const crumb = (
    <Link to="/credentials" className="crumb">
      <Back>{t('web.credentials.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.credentials.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown credential={data} crumb={crumb} />
}

function Shown({ credential: c, crumb }: { credential: Credential; crumb: React.ReactNode }) {
  const { word } = useI18n()
  const [doing, setDoing] = useState<Act>()
  return (
    <>
      <PageHead
        title={c.title}
        crumb={crumb}
        tag={<Tag tone={STATUS[c.status]}>{word('credential.status.', c.status)}</Tag>}
        lead={<bdi className="mono">{c.number}</bdi>}
        acts={ACTS.filter((a) => c.allowed.includes(a)).map((a) => (
          <Button
            key={a}
            variant={a === 'resume' ? 'filled' : 'outline'}
            color={a === 'resume' ? 'river' : 'rose'}
            onClick={() => setDoing(a)}
          >
            {word('credential.act.', a)}
          </Button>
        ))}
      />
      <div className="grid">
        <div className="stack w8">
          <Papers credential={c} />
          <Facts credential={c} />
          <History id={c.id} />
        </div>
        <div className="stack w4">
          <ToCheck credential={c} />
        </div>
      </div>
      {doing && <ActDialog credential={c} what={doing} onClose={() => setDoing(undefined)} />}
    </>
  )
}

function Facts({ credential: c }: { credential: Credential }) {
  const { t, word, instant } = useI18n()
  const kind = oneOf(KINDS, c.kind)
  const facts: [string, React.ReactNode][] = [
    [
      t('web.credential.record'),
      kind ? (
        <Link key="record" to={RECORDS[kind]} params={{ id: c.recordId }}>
          {word('publication.kind.', c.kind)}
        </Link>
      ) : (
        word('publication.kind.', c.kind)
      ),
    ],
    [t('web.credential.basis'), c.legalBasis && <bdi key="basis">{c.legalBasis}</bdi>],
    [t('web.credential.officer'), <bdi key="officer">{c.officer}</bdi>],
    [t('web.credential.issued'), instant(c.issuedAt)],
    [t('web.credential.until'), c.validUntil ? instant(c.validUntil) : t('web.credential.no-end')],
    [t('web.credential.status'), word('credential.status.', c.status)],
    [t('web.credential.since'), c.status !== 'valid' && instant(c.since)],
    [t('web.credential.cause'), c.cause && word('page.verify.cause.', c.cause)],
    [
      t('web.act.reason'),
      c.reason && (
        <span key="reason" dir="auto">
          {c.reason}
        </span>
      ),
    ],
  ]
  return (
    <Panel title={t('web.registration.facts')}>
      <FactList of={facts} />
    </Panel>
  )
}

/** The certificate in each language, as they are made, and the credential as a file of its own. */
function Papers({ credential: c }: { credential: Credential }) {
  const { t, language } = useI18n()
  const refused = useRefused()
  const going = c.papers.length === 0 && c.status !== 'revoked'
  const task = useTask(going ? (c.taskId ?? '') : '', () => void changed())
  const stop = useMutation({ mutationFn: () => cancelTask(c.taskId ?? ''), onError: refused })
  const take = useMutation({
    mutationFn: (l: (typeof LANGUAGES)[number]) => paperLink(c.id, l),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: refused,
  })
  return (
    <Panel title={t('web.credential.papers')}>
      {going && task && <TaskProgress task={task} onCancel={() => stop.mutate()} />}
      <ul className="list">
        {c.papers.map((p) => {
          const tag = oneOf(LANGUAGES, p.language)
          return (
            <li key={p.language}>
              <bdi>{language(p.language)}</bdi>
              <span className="end">
                {tag && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<IconDownload size={15} aria-hidden />}
                    aria-label={t('web.download-file', { Name: `PDF ${language(p.language)}` })}
                    onClick={() => take.mutate(tag)}
                  >
                    PDF
                  </Button>
                )}
              </span>
              <span className="sub">
                {t('web.credential.pages', { Count: p.pages })} · <bdi className="mono">{p.sha256.slice(0, 16)}…</bdi>
              </span>
            </li>
          )
        })}
        <li>
          <bdi>{t('web.credential.token')}</bdi>
          <span className="end">
            <Button
              component="a"
              size="compact-sm"
              variant="default"
              leftSection={<IconDownload size={15} aria-hidden />}
              aria-label={t('web.download-file', { Name: `${c.number}.jwt` })}
              href={`data:application/vc+jwt;base64,${btoa(c.token)}`}
              download={`${c.number}.jwt`}
            >
              JWT
            </Button>
          </span>
          <span className="sub">
            {c.algorithm} · <bdi className="mono">{c.sha256.slice(0, 16)}…</bdi>
          </span>
        </li>
      </ul>
    </Panel>
  )
}

/** How anybody checks it: by a link that holds the whole credential, or by scanning. */
function ToCheck({ credential: c }: { credential: Credential }) {
  const { t } = useI18n()
  return (
    <Panel title={t('web.credential.to-check')}>
      <div className="stack">
        <p className="soft small">{t('web.credential.to-check-how')}</p>
        <img
          src={qrPath(c.id)}
          alt={t('web.credential.qr')}
          style={{ inlineSize: '100%', maxInlineSize: 420, blockSize: 'auto', aspectRatio: '1', marginInline: 'auto' }}
        />
        <div className="row">
          <CopyButton value={c.link}>
            {({ copied, copy }) => (
              <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
                {t(copied ? 'web.copied' : 'web.credential.copy-link')}
              </Button>
            )}
          </CopyButton>
          <Button
            component="a"
            variant="default"
            href={c.link}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconExternalLink size={16} aria-hidden />}
          >
            {t('web.credential.open-link')}
          </Button>
        </div>
      </div>
    </Panel>
  )
}

function History({ id }: { id: string }) {
  const { t, word, instant } = useI18n()
  const { data, error } = useQuery(historyQuery(id))
  return (
    <Panel title={t('web.history')}>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={120} />}
      <ol className="timeline" reversed>
        {data?.items.map((e, i) => (
          <li key={`${e.at} ${e.status}`} data-tone={STATUS[e.status]}>
            <b>
              {i === data.items.length - 1 ? t('web.credential.issued-event') : word('credential.status.', e.status)}
            </b>
            {e.cause && e.cause !== 'officer' && <p className="small">{word('page.verify.cause.', e.cause)}</p>}
            {e.reason && (
              <p className="quote" dir="auto">
                {e.reason}
              </p>
            )}
            <p className="soft small">
              {e.byName
                ? t('web.history.recorded', { Name: e.byName, When: instant(e.at) })
                : t('web.credential.by-record', { When: instant(e.at) })}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
