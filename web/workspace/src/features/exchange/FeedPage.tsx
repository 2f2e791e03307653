import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { consumersQuery, webhooksQuery } from './queries'

/** One who reads the feed: a machine, a person, or an address that is told. */
type Reader = {
  id: string
  who: 'client' | 'person' | 'webhook'
  name: string
  only: string[]
  publisher?: string
  position: number
  since: string
  readAt?: string
}

/** Who reads the change feed for us, and how far each is. */
export function FeedPage() {
  const { t, number } = useI18n()
  const session = useSession()
  const consumers = useQuery(consumersQuery)
  const webhooks = useQuery({ ...webhooksQuery, enabled: may(session, 'webhook:read') })
  const head = consumers.data?.head ?? 0
  const readers = useMemo<Reader[]>(
    () => [
      ...(consumers.data?.items ?? []).map((c) => ({
        id: `${c.actorId} ${c.kind ?? ''} ${c.publisher ?? ''}`,
        who: c.actorKind,
        name: c.name || c.actorId,
        only: c.kind ? [c.kind] : [],
        publisher: c.publisher,
        position: c.position,
        since: c.since,
        readAt: c.readAt,
      })),
      ...(webhooks.data?.items ?? []).map((w) => ({
        id: w.id,
        who: 'webhook' as const,
        name: w.description || w.url,
        only: w.kinds,
        position: w.position,
        since: w.createdAt,
      })),
    ],
    [consumers.data, webhooks.data],
  )
  const columns = useColumns(head)
  return (
    <>
      <PageHead title={t('web.feed.nav')} lead={t('web.feed.lead', { Number: number(head) })} />
      <Panel>
        {consumers.error && <ProblemAlert error={consumers.error} retry={() => void consumers.refetch()} />}
        <DataTable
          whole
          columns={columns}
          rows={readers}
          rowId={(r) => r.id}
          caption={t('web.feed.nav')}
          busy={consumers.isPending}
          empty={<Empty title={t('web.feed.empty')} />}
        />
      </Panel>
    </>
  )
}

function useColumns(head: number): Column<Reader>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.feed.reader'),
        by: (r) => r.name,
        cell: (r) => (
          <>
            {r.who === 'webhook' ? (
              <Link to="/webhooks/$id" params={{ id: r.id }}>
                <bdi>{r.name}</bdi>
              </Link>
            ) : (
              <bdi>{r.name}</bdi>
            )}
            <div className="soft small">{word('web.feed.who.', r.who)}</div>
          </>
        ),
      },
      {
        id: 'only',
        header: t('web.feed.only'),
        cell: (r) =>
          [...r.only.map((k) => word('publication.kind.', k)), ...(r.publisher ? [r.publisher] : [])].join(' · ') ||
          t('web.list.all'),
      },
      {
        id: 'position',
        header: t('web.feed.position'),
        num: true,
        by: (r) => r.position,
        cell: (r) => number(r.position),
      },
      {
        id: 'lag',
        header: t('web.feed.lag'),
        tight: true,
        by: (r) => head - r.position,
        cell: (r) => {
          const lag = Math.max(0, head - r.position)
          return lag ? <Tag tone="warn">{number(lag)}</Tag> : <Tag tone="ok">{t('web.feed.level')}</Tag>
        },
      },
      { id: 'since', header: t('web.feed.since'), tight: true, by: (r) => r.since, cell: (r) => instant(r.since) },
      {
        id: 'read',
        header: t('web.feed.read'),
        tight: true,
        by: (r) => r.readAt ?? '',
        cell: (r) => (r.readAt ? instant(r.readAt) : '—'),
      },
    ],
    [t, word, number, instant, head],
  )
}
