import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type QuotaUse, type Retirement, retirementsQuery, usageQuery } from './queries'

const NO_USE: QuotaUse[] = []
const NO_RETIREMENT: Retirement[] = []
/** From here on a quota is worth a look. */
const MUCH = 0.8

/** How much of our quotas is used at this moment, and what we still call although it is on its way out. */
export function UsagePage() {
  const { t, number, instant } = useI18n()
  const session = useSession()
  const { data, error, refetch } = useQuery(usageQuery)
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('web.usage.nav')} lead={t('web.usage.lead')} />
      <div className="stack">
        <Panel title={t('web.usage.quotas')}>
          {error && <ProblemAlert error={error} retry={() => void refetch()} />}
          {data?.counted && (
            <p className="soft small">
              {t('web.usage.node', { When: instant(data.since), Seconds: number(data.window) })}
            </p>
          )}
          <DataTable
            columns={columns}
            rows={data?.items ?? NO_USE}
            rowId={(r) => `${r.clientId ?? ''} ${r.class}`}
            caption={t('web.usage.quotas')}
            busy={!data && !error}
            empty={<Empty title={t('web.usage.not-counted')} />}
          />
        </Panel>
        {may(session, 'retirement:read') && <Retirements />}
      </div>
    </>
  )
}

function useColumns(): Column<QuotaUse>[] {
  const { t, word, number } = useI18n()
  return useMemo(
    () => [
      {
        id: 'who',
        header: t('web.usage.who'),
        cell: (r) => (r.clientId ? <bdi>{r.name || r.clientId}</bdi> : t('web.usage.tenant')),
      },
      { id: 'class', header: t('web.usage.class'), tight: true, cell: (r) => word('web.usage.class.', r.class) },
      {
        id: 'used',
        header: t('web.usage.used'),
        cell: (r) => (
          <>
            <span className="nums">
              {t('web.usage.of', { Used: number(r.used), Quota: number(r.quota) })}{' '}
              {r.used >= r.quota * MUCH && <Tag tone={r.used >= r.quota ? 'bad' : 'warn'}>{t('web.usage.much')}</Tag>}
            </span>
            <span className="gauge">
              <span style={{ inlineSize: `${Math.min(100, (r.used / r.quota) * 100)}%` }} />
            </span>
          </>
        ),
      },
      {
        id: 'whole',
        header: t('web.usage.whole'),
        tight: true,
        cell: (r) => (r.wholeIn ? t('web.usage.seconds', { Seconds: number(r.wholeIn) }) : t('web.usage.now')),
      },
      { id: 'asked', header: t('web.usage.asked'), num: true, cell: (r) => number(r.asked) },
      {
        id: 'refused',
        header: t('web.usage.refused'),
        num: true,
        cell: (r) => (r.refused ? <Tag tone="bad">{number(r.refused)}</Tag> : number(0)),
      },
    ],
    [t, word, number],
  )
}

function Retirements() {
  const { t, day, instant } = useI18n()
  const { data, error } = useQuery(retirementsQuery)
  const columns = useMemo<Column<Retirement>[]>(
    () => [
      {
        id: 'operation',
        header: t('web.retirement.operation'),
        cell: (r) => (
          <bdi className="mono">
            {r.method} {r.path}
          </bdi>
        ),
      },
      { id: 'since', header: t('web.retirement.since'), tight: true, cell: (r) => day(r.since) },
      { id: 'sunset', header: t('web.retirement.sunset'), tight: true, cell: (r) => day(r.sunset) },
      {
        id: 'calls',
        header: t('web.retirement.calls'),
        cell: (r) =>
          r.calls.length ? (
            <ul className="list small">
              {r.calls.map((c) => (
                <li key={c.actorId}>
                  <Tag tone="bad">{c.name || c.actorId}</Tag> {instant(c.lastAt)}
                </li>
              ))}
            </ul>
          ) : (
            <Tag tone="ok">{t('web.retirement.nobody')}</Tag>
          ),
      },
    ],
    [t, day, instant],
  )
  return (
    <Panel title={t('web.retirement.title')}>
      {error && <ProblemAlert error={error} />}
      <p className="soft small">{t('web.retirement.lead')}</p>
      <DataTable
        columns={columns}
        rows={data?.items ?? NO_RETIREMENT}
        rowId={(r) => r.operation}
        caption={t('web.retirement.title')}
        busy={!data && !error}
        empty={<Empty title={t('web.retirement.none')} />}
      />
    </Panel>
  )
}
