import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { nameIn } from '../../api/published'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { housesQuery, type Received, receivedOneQuery } from './queries'
import { ReceivedState } from './ReceivedPage'

const route = getRouteApi('/house/received/$id')

/** One version that a partner house published: what it says, where it comes from, and what proves it. */
export function ReceivedOnePage() {
  const { t, text, word } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(receivedOneQuery(id))
  const crumb = (
    <Link to="/received" className="crumb">
      <Back>{t('web.received.nav')}</Back>
    </Link>
  )
  if (error)
    return (
      <>
        <PageHead crumb={crumb} title={t('web.received.nav')} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  if (!data) return null
  return (
    <>
      <PageHead
        crumb={crumb}
        title={nameIn(data.content, text) || word('publication.kind.', data.kind)}
        tag={<ReceivedState of={data} />}
        lead={word('publication.kind.', data.kind)}
      />
      <div className="stack">
        <Provenance of={data} />
        <Panel title={t('web.received.proof')}>
          {data.proof ? (
            <>
              <p>{t('web.received.proof-about')}</p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard */}
              <pre dir="ltr" className="mono small" tabIndex={0} style={{ overflowX: 'auto' }}>
                {data.proof}
              </pre>
              <div>
                <Button
                  component="a"
                  variant="default"
                  download={`${data.publicationId}.tlog-proof`}
                  href={`data:text/plain;charset=utf-8,${encodeURIComponent(data.proof)}`}
                  leftSection={<IconDownload size={16} aria-hidden />}
                >
                  {t('page.log.download')}
                </Button>
              </div>
            </>
          ) : (
            <p>{t('web.received.no-proof')}</p>
          )}
        </Panel>
        <Panel title={t('web.received.content')}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard */}
          <pre dir="ltr" className="mono small" tabIndex={0} style={{ overflowX: 'auto' }}>
            {JSON.stringify(data.content, null, 2)}
          </pre>
        </Panel>
      </div>
    </>
  )
}

function Provenance({ of: r }: { of: Received }) {
  const { t, text, number, instant } = useI18n()
  const { data: houses } = useQuery(housesQuery)
  const house = houses?.items.find((h) => h.name === r.house)
  return (
    <Panel title={t('web.received.provenance')}>
      <dl className="facts">
        <dt>{t('page.keys.publisher')}</dt>
        <dd>
          <bdi>{text(r.publisher.names) || r.publisher.slug}</bdi>
        </dd>
        <dt>{t('web.received.house')}</dt>
        <dd>
          <bdi className="mono">{r.house}</bdi>{' '}
          {house && (
            <a href={`${house.url}/log`} rel="noreferrer" dir="ltr">
              {house.url}
            </a>
          )}
        </dd>
        <dt>{t('web.received.published')}</dt>
        <dd>{instant(r.publishedAt)}</dd>
        <dt>{t('web.received.at')}</dt>
        <dd>
          {instant(r.receivedAt)} <span className="soft small">{t('web.received.by', { Number: number(r.seq) })}</span>
        </dd>
        {house?.checkedAt && (
          <>
            <dt>{t('web.houses.checked')}</dt>
            <dd>{instant(house.checkedAt)}</dd>
          </>
        )}
        {r.endedAt && (
          <>
            <dt>{t('web.received.ended')}</dt>
            <dd>
              {instant(r.endedAt)}{' '}
              {r.endedSeq !== undefined && (
                <span className="soft small">{t('web.received.by', { Number: number(r.endedSeq) })}</span>
              )}
            </dd>
          </>
        )}
        <dt>{t('web.received.version')}</dt>
        <dd>{number(r.version)}</dd>
        <dt>SHA-256</dt>
        <dd>
          <bdi className="mono small" style={{ overflowWrap: 'anywhere' }}>
            {r.sha256}
          </bdi>
        </dd>
      </dl>
    </Panel>
  )
}
