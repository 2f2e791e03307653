import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import { logQuery } from './queries'

type Witness = Schema['LogWitness']
const NONE: Witness[] = []

/** Who cosigns the log of this house, and how far each is. */
export function Witnesses() {
  const { t } = useI18n()
  const { data } = useQuery(logQuery)
  const columns = useColumns(data?.size ?? 0)
  return (
    <Panel title={t('page.log.witnesses')}>
      <DataTable
        columns={columns}
        rows={data?.witnesses ?? NONE}
        rowId={(w) => w.name}
        caption={t('page.log.witnesses')}
        busy={!data}
        empty={<Empty title={t('page.log.no-witness')} />}
      />
    </Panel>
  )
}

function useColumns(size: number): Column<Witness>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      { id: 'name', header: t('page.log.witness'), cell: (w) => <bdi className="mono">{w.name}</bdi> },
      {
        id: 'state',
        header: t('page.log.state'),
        tight: true,
        cell: (w) => {
          if (w.error) return <Tag tone="bad">{word('page.log.error.', w.error)}</Tag>
          const level = w.size === size
          return <Tag tone={level ? 'ok' : 'warn'}>{t(level ? 'page.log.level' : 'page.log.behind')}</Tag>
        },
      },
      { id: 'size', header: t('page.log.cosigned'), num: true, cell: (w) => number(w.size) },
      { id: 'at', header: t('page.log.last'), tight: true, cell: (w) => (w.at ? instant(w.at) : '—') },
    ],
    [t, word, number, instant, size],
  )
}
