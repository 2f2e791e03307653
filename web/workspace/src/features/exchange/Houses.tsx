import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type HouseOf, housesQuery, logQuery } from './queries'

const NONE: HouseOf[] = []

/** The partner houses that are followed: how they are, how far we are with each, and who cosigns whose log. */
export function Houses() {
  const { t } = useI18n()
  const { data, error, refetch } = useQuery(housesQuery)
  const { data: log } = useQuery(logQuery)
  const columns = useColumns(log?.size ?? 0)
  return (
    <Panel title={t('web.houses.title')}>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      <DataTable
        columns={columns}
        rows={data?.items ?? NONE}
        rowId={(h) => h.name}
        caption={t('web.houses.title')}
        busy={!data && !error}
        empty={<Empty title={t('web.houses.empty')}>{t('web.houses.how')}</Empty>}
      />
    </Panel>
  )
}

function useColumns(size: number): Column<HouseOf>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.received.house'),
        cell: (h) => (
          <>
            <bdi className="mono">{h.name}</bdi>
            <div className="soft small">
              <bdi dir="ltr">{h.url}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'state',
        header: t('web.partner.state'),
        cell: (h) => {
          if (h.error)
            return <Tag tone={h.error === 'unreachable' ? 'warn' : 'bad'}>{word('partner-house.error.', h.error)}</Tag>
          return <Tag tone={h.checkedAt ? 'ok' : 'plain'}>{t(h.checkedAt ? 'web.partner.well' : 'web.houses.new')}</Tag>
        },
      },
      {
        id: 'checked',
        header: t('web.houses.checked'),
        tight: true,
        cell: (h) => (
          <>
            {h.checkedAt ? instant(h.checkedAt) : t('web.partner.never')}
            {h.triedAt && h.triedAt !== h.checkedAt && (
              <div className="soft small">{t('web.houses.tried', { When: instant(h.triedAt) })}</div>
            )}
          </>
        ),
      },
      {
        id: 'records',
        header: t('web.houses.records'),
        cell: (h) => (
          <>
            <span className="nums">{number(h.records)}</span>
            {h.unproved > 0 && (
              <div className="soft small">{t('web.houses.unproved', { Number: number(h.unproved) })}</div>
            )}
            <div className="soft small">{t('web.houses.position', { Number: number(h.position) })}</div>
            <div className="soft small">{t('web.log.size', { Number: number(h.logSize) })}</div>
          </>
        ),
      },
      {
        id: 'witness',
        header: t('web.houses.witness'),
        cell: (h) => (
          <div className="stack tight">
            <Cosigns of={h} size={size} />
            <div className="soft small">
              {h.cosigned
                ? t('web.houses.we-cosigned', { Number: number(h.cosigned.size), When: instant(h.cosigned.at) })
                : t('web.houses.we-do-not')}
            </div>
          </div>
        ),
      },
    ],
    [t, word, number, instant, size],
  )
}

/** How far the house is with cosigning our log. */
function Cosigns({ of: h, size }: { of: HouseOf; size: number }) {
  const { t, word, number } = useI18n()
  if (!h.cosigns) return <div className="soft small">{t('web.houses.it-does-not')}</div>
  if (h.cosigns.error)
    return (
      <div>
        <Tag tone="bad">{word('page.log.error.', h.cosigns.error)}</Tag>
      </div>
    )
  return (
    <div>
      <Tag tone={h.cosigns.size === size ? 'ok' : 'warn'}>
        {t('web.houses.it-cosigned', { Number: number(h.cosigns.size) })}
      </Tag>
    </div>
  )
}
