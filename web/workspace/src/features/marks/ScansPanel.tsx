import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Batch, scansQuery, VERDICTS } from './ledger'

type Sum = Schema['MarkScanSum']

/** How often codes of the batch were asked for, by what was answered and from where. */
export function ScansPanel({ batch }: { batch: Batch }) {
  const { t, word, number, market, instant } = useI18n()
  const { data = [], error } = useQuery(scansQuery(batch.id))
  const columns = useMemo(
    (): Column<Sum>[] => [
      {
        id: 'verdict',
        header: t('web.scans.verdict'),
        by: (s) => word('mark-batch.verdict.', s.verdict),
        cell: (s) => <Tag tone={VERDICTS[s.verdict]}>{word('mark-batch.verdict.', s.verdict)}</Tag>,
      },
      {
        id: 'country',
        header: t('web.scans.country'),
        by: (s) => s.country ?? '',
        cell: (s) => (s.country ? market(s.country) : <span className="soft">{t('web.scans.unknown')}</span>),
      },
      { id: 'scans', header: t('web.scans.scans'), num: true, by: (s) => s.scans, cell: (s) => number(s.scans) },
      { id: 'codes', header: t('web.scans.codes'), num: true, by: (s) => s.codes, cell: (s) => number(s.codes) },
      {
        id: 'last',
        header: t('web.scans.last'),
        tight: true,
        by: (s) => s.lastAt,
        cell: (s) => instant(s.lastAt),
      },
    ],
    [t, word, number, market, instant],
  )
  return (
    <Panel title={t('web.scans.title')}>
      <ProblemAlert error={error} />
      {data.length === 0 ? (
        <p className="soft">{t('web.scans.none')}</p>
      ) : (
        <DataTable
          whole
          columns={columns}
          rows={data}
          rowId={(s) => s.verdict + (s.country ?? '')}
          caption={t('web.scans.title')}
          empty={null}
        />
      )}
    </Panel>
  )
}
