import { Button, Skeleton } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { UploadField } from '../../ui/UploadField'
import { changed, type Document, documentQuery, link, retire, STATUS } from './queries'

const route = getRouteApi('/house/documents/$id')

export function DocumentPage() {
  const { t } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(documentQuery(id))
  if (error) {
    return (
      <>
        <PageHead title={t('web.documents.nav')} crumb={<Crumb />} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown document={data} />
}

const Crumb = () => {
  const { t } = useI18n()
  return (
    <Link to="/documents" className="crumb">
      <Back>{t('web.documents.nav')}</Back>
    </Link>
  )
}

function Shown({ document: d }: { document: Document }) {
  const { t, word } = useI18n()
  const refused = useRefused()
  const take = useMutation({
    mutationFn: (version?: number) => link(d.id, 'attachment', version),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: refused,
  })
  const end = useMutation({ mutationFn: () => retire(d), onSuccess: () => changed(), onError: refused })
  return (
    <>
      <PageHead
        title={d.filename}
        lang=""
        crumb={<Crumb />}
        tag={<Tag tone={STATUS[d.status]}>{word('document.status.', d.status)}</Tag>}
        acts={
          <>
            {(d.status === 'ready' || d.status === 'retired') && (
              <Button leftSection={<IconDownload size={16} aria-hidden />} onClick={() => take.mutate(undefined)}>
                {t('web.download')}
              </Button>
            )}
            {d.allowed.includes('retire') && (
              <Button variant="outline" color="rose" loading={end.isPending} onClick={() => end.mutate()}>
                {word('document.act.', 'retire')}
              </Button>
            )}
          </>
        }
        lead={d.reasonText}
      />
      <div className="grid">
        <div className="stack w8">{d.status === 'ready' && <Preview document={d} />}</div>
        <div className="stack w4">
          <Facts document={d} />
          <Versions document={d} onTake={(version) => take.mutate(version)} />
        </div>
      </div>
    </>
  )
}

const isPicture = (type: string) => /^image\/(png|jpeg|webp|gif|svg\+xml)$/.test(type)

function Preview({ document: d }: { document: Document }) {
  const { t } = useI18n()
  const shows = d.mediaType === 'application/pdf' || isPicture(d.mediaType)
  // The link is good for a minute; once the browser has the file, it needs no new one.
  const { data, error } = useQuery({
    queryKey: ['document-link', d.id, d.version],
    queryFn: () => link(d.id, 'inline'),
    enabled: shows,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (!shows) return <Panel>{t('web.document.no-preview')}</Panel>
  return (
    <Panel>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={400} />}
      {data &&
        (isPicture(d.mediaType) ? (
          <img className="preview" src={data.url} alt={d.filename} />
        ) : (
          <iframe className="preview" src={data.url} title={t('web.preview', { Name: d.filename })} />
        ))}
    </Panel>
  )
}

function Facts({ document: d }: { document: Document }) {
  const { t, bytes } = useI18n()
  return (
    <Panel title={t('web.document.facts')}>
      <dl className="facts">
        <dt>{t('web.document.type')}</dt>
        <dd className="mono">{d.mediaType}</dd>
        <dt>{t('web.document.size')}</dt>
        <dd>{bytes(d.size)}</dd>
        <dt>SHA-256</dt>
        <dd className="mono">{d.sha256}</dd>
      </dl>
    </Panel>
  )
}

type VersionsProps = { document: Document; onTake: (version: number) => void }

function Versions({ document: d, onTake }: VersionsProps) {
  const { t, word, bytes, number, instant } = useI18n()
  return (
    <Panel title={t('web.document.versions')}>
      <ul className="list">
        {d.versions.map((v) => (
          <li key={v.number}>
            <b>{t('web.history.version', { Number: v.number })}</b>
            <Tag tone={STATUS[v.status]}>{word('document.status.', v.status)}</Tag>
            {v.status === 'ready' && (
              <Button
                className="end"
                size="compact-sm"
                variant="default"
                aria-label={t('web.download-file', { Name: `${v.filename} ${number(v.number)}` })}
                onClick={() => onTake(v.number)}
              >
                {t('web.download')}
              </Button>
            )}
            <span className="sub">
              {[v.uploadedByName, instant(v.uploadedAt), bytes(v.size)].filter(Boolean).join(' · ')}
              {v.retainUntil && ` · ${t('web.document.kept', { When: instant(v.retainUntil) })}`}
              {v.reasonText && ` · ${v.reasonText}`}
            </span>
          </li>
        ))}
      </ul>
      {d.allowed.includes('revise') && (
        <UploadField
          label={word('document.act.', 'revise')}
          wish={{ documentId: d.id, purpose: d.purpose }}
          onUploaded={() => void changed()}
        />
      )}
    </Panel>
  )
}
