import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { AddKey, RevokeKey, RotateKey } from './keyDialogs'
import { clientsQuery, logQuery, signingKeysQuery } from './queries'

/** Keys that end within this time are called to attention. */
const SOON = 60 * 86_400_000

export type KeyRow = {
  id: string
  name: string
  signs: string
  trusted: string
  since?: string
  until?: string
  ended?: string
  signing?: Schema['SigningKey']
  client?: { id: string; allowed: string[] }
}

/** Every key of the house that concerns the tenant: what it signs, since when, until when, and who goes by it. */
export function KeysPage() {
  const { t } = useI18n()
  const session = useSession()
  const signing = useQuery(signingKeysQuery)
  const clients = useQuery({ ...clientsQuery, enabled: may(session, 'api-client:read') })
  const log = useQuery(logQuery)
  const [adding, setAdding] = useState(false)
  const [rotating, setRotating] = useState<Schema['SigningKey']>()
  const rows = useRows(signing.data?.items, clients.data?.items, log.data)
  const columns = useColumns(setRotating)
  const error = signing.error ?? clients.error ?? log.error
  return (
    <>
      <PageHead
        title={t('web.keys.nav')}
        lead={t('web.keys.lead')}
        acts={
          may(session, 'api-client-key:create') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              {t('web.key.add')}
            </Button>
          )
        }
      />
      <Panel>
        {error && <ProblemAlert error={error} retry={() => void signing.refetch()} />}
        <DataTable
          whole
          columns={columns}
          rows={rows}
          rowId={(r) => r.id}
          caption={t('web.keys.nav')}
          busy={signing.isFetching}
          empty={<Empty title={t('web.keys.empty')} />}
        />
      </Panel>
      {adding && clients.data && <AddKey clients={clients.data.items} onClose={() => setAdding(false)} />}
      {rotating && <RotateKey signing={rotating} onClose={() => setRotating(undefined)} />}
    </>
  )
}

function useRows(
  signing: Schema['SigningKey'][] | undefined,
  clients: Schema['ApiClient'][] | undefined,
  log: Schema['LogInfo'] | undefined,
): KeyRow[] {
  const { t, word } = useI18n()
  return useMemo(
    () => [
      ...(signing ?? []).map((k) => ({
        id: k.id,
        name: k.algorithm,
        signs: word('web.key.signs.', k.algorithm),
        trusted: t('web.key.trusted.public'),
        since: k.createdAt,
        until: k.expiresAt,
        signing: k,
        ...(k.retiredAt && { ended: k.retiredAt }),
      })),
      ...(clients ?? []).flatMap((c) =>
        c.keys.map((k) => {
          const ended = k.revokedAt ?? c.revokedAt
          return {
            id: k.id,
            name: c.name,
            signs: word('web.key.signs.', k.kind),
            trusted: t('web.key.trusted.house'),
            since: k.createdAt,
            until: k.expiresAt ?? c.expiresAt,
            client: { id: c.id, allowed: k.allowed },
            ...(ended && { ended }),
          }
        }),
      ),
      ...(log?.keys ?? []).map((k) => ({
        id: k,
        name: log?.origin ?? '',
        signs: t('web.key.signs.log'),
        trusted: t('web.key.trusted.witnesses'),
      })),
    ],
    [signing, clients, log, t, word],
  )
}

function stateOf(r: KeyRow): { state: 'active' | 'soon' | 'over' | 'retired'; tone: Tone } {
  const left = r.until ? Date.parse(r.until) - Date.now() : Number.POSITIVE_INFINITY
  if (r.ended) return { state: 'retired', tone: 'plain' }
  if (left < 0) return { state: 'over', tone: 'bad' }
  return left < SOON ? { state: 'soon', tone: 'warn' } : { state: 'active', tone: 'ok' }
}

function useColumns(rotate: (k: Schema['SigningKey']) => void): Column<KeyRow>[] {
  const { t, word, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.key.name'),
        by: (r) => r.name,
        cell: (r) => (
          <>
            <bdi>{r.name}</bdi>
            <div className="mono soft small breakable" dir="ltr">
              {r.id}
            </div>
          </>
        ),
      },
      { id: 'signs', header: t('web.key.signs'), by: (r) => r.signs, cell: (r) => r.signs },
      {
        id: 'state',
        header: t('web.client.state'),
        tight: true,
        cell: (r) => {
          const { state, tone } = stateOf(r)
          return (
            <>
              <Tag tone={tone}>{word('web.key.state.', state)}</Tag>
              {r.signing?.retiredWhy && <div className="soft small">{word('web.key.why.', r.signing.retiredWhy)}</div>}
            </>
          )
        },
      },
      {
        id: 'since',
        header: t('web.key.since'),
        tight: true,
        by: (r) => r.since ?? '',
        cell: (r) => (r.since ? instant(r.since) : '—'),
      },
      {
        id: 'until',
        header: t('web.key.until'),
        tight: true,
        by: (r) => r.ended ?? r.until ?? '',
        cell: (r) => (r.ended || r.until ? instant(r.ended ?? r.until ?? '') : '—'),
      },
      { id: 'trusted', header: t('web.key.trusted'), cell: (r) => r.trusted },
      {
        id: 'acts',
        header: t('web.acts'),
        tight: true,
        cell: (r) => <Act row={r} rotate={rotate} />,
      },
    ],
    [t, word, instant, rotate],
  )
}

function Act({ row, rotate }: { row: KeyRow; rotate: (k: Schema['SigningKey']) => void }) {
  const { t } = useI18n()
  const { signing, client } = row
  if (signing?.allowed.includes('rotate'))
    return (
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={t('web.key.rotate-this', { Name: signing.id })}
        onClick={() => rotate(signing)}
      >
        {t('web.key.rotate')}
      </Button>
    )
  if (client?.allowed.includes('revoke')) return <RevokeKey client={client.id} id={row.id} />
  return null
}
