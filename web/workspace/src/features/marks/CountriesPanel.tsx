import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { MarketMap } from '../../ui/MarketMap'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { type Country, countriesQuery } from './alerts'
import { monthBefore } from './usage'

/** From where codes were asked for, and how many of the scans were of marks that should be on nothing. */
export function CountriesPanel() {
  const { t } = useI18n()
  const [asked, setAsked] = useState({ from: monthBefore(today(), 2), to: today() })
  const { data = [], error } = useQuery(countriesQuery(asked))
  const most = Math.max(1, ...data.map((c) => c.scans))
  return (
    <Panel title={t('web.mark-alerts.countries')}>
      <div className="toolbar">
        {(['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            label={t(end === 'from' ? 'web.ledger.since' : 'web.ledger.until')}
            value={asked[end]}
            onChange={(e) => e.currentTarget.value && setAsked({ ...asked, [end]: e.currentTarget.value })}
          />
        ))}
      </div>
      <ProblemAlert error={error} />
      <MarketMap
        title={t('web.mark-alerts.countries')}
        unit={t('web.scans.scans')}
        points={data.map((c) => ({ country: c.country, amount: c.scans, bad: c.suspicious }))}
      />
      <DataTable
        whole
        columns={useColumns(most)}
        rows={data}
        rowId={(c) => c.country}
        caption={t('web.mark-alerts.countries')}
        empty={<p className="soft">{t('web.mark-alerts.no-scans')}</p>}
      />
    </Panel>
  )
}

function useColumns(most: number): Column<Country>[] {
  const { t, number, market, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'country',
        header: t('web.scans.country'),
        by: (c) => (c.country ? market(c.country) : ''),
        cell: (c) => (c.country ? market(c.country) : <span className="soft">{t('web.scans.unknown')}</span>),
      },
      {
        id: 'share',
        header: t('web.mark-alerts.share'),
        cell: (c) => (
          <div className="band" aria-hidden="true" style={{ inlineSize: 180 }}>
            <span
              data-tone="bad"
              style={{ inlineSize: `${(100 * c.suspicious) / most}%`, minInlineSize: c.suspicious ? 4 : 0 }}
            />
            <span data-tone="info" style={{ inlineSize: `${(100 * (c.scans - c.suspicious)) / most}%` }} />
          </div>
        ),
      },
      { id: 'scans', header: t('web.scans.scans'), num: true, by: (c) => c.scans, cell: (c) => number(c.scans) },
      { id: 'codes', header: t('web.scans.codes'), num: true, by: (c) => c.codes, cell: (c) => number(c.codes) },
      {
        id: 'suspicious',
        header: t('web.mark-alerts.suspicious'),
        num: true,
        by: (c) => c.suspicious,
        cell: (c) => number(c.suspicious),
      },
      { id: 'last', header: t('web.scans.last'), tight: true, by: (c) => c.lastAt, cell: (c) => instant(c.lastAt) },
    ],
    [t, number, market, instant, most],
  )
}
