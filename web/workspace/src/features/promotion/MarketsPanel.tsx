import { NativeSelect } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { MarketMap } from '../../ui/MarketMap'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { Sums } from './DashboardPanels'
import type { Market } from './figures'

/** What the circles of the map are as large as. */
const MEASURES = ['applications', 'awarded', 'contracts'] as const

/** What came of each country: on a map, and in words. */
export function MarketsPanel({ of }: { of: Market[] }) {
  const { t, word } = useI18n()
  const [measure, setMeasure] = useState<(typeof MEASURES)[number]>('applications')
  return (
    <Panel
      title={t('web.promotion.markets')}
      aside={
        <NativeSelect
          size="xs"
          aria-label={t('web.promotion.measure')}
          value={measure}
          data={MEASURES.map((value) => ({ value, label: word('web.promotion.figure.', value) }))}
          onChange={(e) => setMeasure(MEASURES.find((m) => m === e.currentTarget.value) ?? 'applications')}
        />
      }
    >
      <div className="stack">
        <MarketMap
          title={t('web.promotion.markets')}
          unit={word('web.promotion.figure.', measure)}
          points={of.map((m) => ({ country: m.country, amount: m[measure] }))}
        />
        <DataTable
          whole
          columns={useColumns()}
          rows={of}
          rowId={(m) => m.country}
          caption={t('web.promotion.markets')}
          empty={<Empty title={t('web.promotion.year-empty')} />}
        />
        <p className="soft small">{t('web.promotion.markets-how')}</p>
      </div>
    </Panel>
  )
}

function useColumns(): Column<Market>[] {
  const { t, number, market } = useI18n()
  return useMemo(() => {
    const figure = (id: 'calls' | (typeof MEASURES)[number]): Column<Market> => ({
      id,
      header: t(`web.promotion.figure.${id}`),
      num: true,
      by: (m) => m[id],
      cell: (m) => number(m[id]),
    })
    return [
      {
        id: 'country',
        header: t('web.promotion.country'),
        by: (m) => market(m.country),
        cell: (m) => market(m.country),
      },
      figure('calls'),
      figure('applications'),
      figure('awarded'),
      figure('contracts'),
      { id: 'exports', header: t('web.promotion.exports'), num: true, cell: (m) => <Sums of={m.exports} /> },
    ]
  }, [t, number, market])
}
