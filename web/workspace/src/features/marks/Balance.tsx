import type { ReactNode } from 'react'
import { type Column, DataTable } from '../../ui/DataTable'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { Tag } from '../../ui/Tag'
import { type MassBalance, POSSIBLE } from './lots'

type LotLine = MassBalance['total']
type HarvestLine = MassBalance['harvests'][number]

/** A mass balance as it is reckoned, with every number: whoever doubts it can reckon it again. */
export function Balance({ of: b }: { of: MassBalance }) {
  const { t, word, number } = useI18n()
  const lots = useLotColumns(b)
  const harvests = useHarvestColumns(b)
  const facts: [string, ReactNode][] = [
    [
      t('web.balance.content'),
      b.contentG && b.contentOf
        ? t('web.balance.content-of', { Content: number(b.contentG), Of: word('mark-balance.of.', b.contentOf) })
        : t('web.balance.not-said'),
    ],
    [
      t('web.balance.yield'),
      b.yieldKgPerMu ? t('web.balance.yield-of', { Yield: b.yieldKgPerMu }) : t('web.balance.not-said'),
    ],
    [t('web.balance.source'), b.source],
  ]
  return (
    <div className="stack">
      <p className="soft small">{t('web.balance.rule')}</p>
      <FactList of={facts} />
      <DataTable
        caption={t('web.balance.lots')}
        columns={lots}
        rows={[...b.lots, b.total]}
        rowId={(l) => l.lotId ?? l.number ?? 'total'}
        empty=""
      />
      {b.harvests.length > 0 && (
        <DataTable
          caption={t('web.balance.harvests')}
          columns={harvests}
          rows={b.harvests}
          rowId={(h) => String(h.harvest)}
          empty=""
        />
      )}
    </div>
  )
}

function useLotColumns(b: MassBalance): Column<LotLine>[] {
  const { t, number } = useI18n()
  return [
    {
      id: 'lot',
      header: t('web.balance.lot'),
      cell: (l) => (
        <>
          {l === b.total ? <b>{t('web.balance.sum')}</b> : <bdi>{l.number}</bdi>}
          {l.harvest && <div className="soft small">{l.harvest}</div>}
          {l !== b.total && !l.lotId && <div className="soft small">{t('web.balance.undeclared')}</div>}
        </>
      ),
    },
    { id: 'marks', header: t('web.balance.marks'), num: true, cell: (l) => number(l.marks) },
    { id: 'how', header: t('web.balance.calculation'), cell: (l) => <Reckoned line={l} contentG={b.contentG} /> },
    { id: 'used', header: t('web.balance.used'), num: true, cell: (l) => l.usedKg },
    { id: 'produced', header: t('web.balance.produced'), num: true, cell: (l) => l.producedKg ?? '–' },
    { id: 'verdict', header: t('web.balance.verdict'), cell: (l) => <Verdict of={l} /> },
  ]
}

/** How a weight was reckoned: what was weighed, and the other marks times the content of a package. */
function Reckoned({ line: l, contentG }: { line: LotLine; contentG?: number }) {
  const { t, number } = useI18n()
  return (
    <div className="small nums">
      {l.weighed > 0 && <div>{t('web.balance.weighed', { Marks: number(l.weighed), Kg: l.weighedKg })}</div>}
      {l.counted > 0 && (
        <div>
          {l.countedKg && contentG
            ? t('web.balance.counted', { Marks: number(l.counted), Content: number(contentG), Kg: l.countedKg })
            : t('web.balance.counted-unknown', { Marks: number(l.counted) })}
        </div>
      )}
    </div>
  )
}

function useHarvestColumns(b: MassBalance): Column<HarvestLine>[] {
  const { t } = useI18n()
  return [
    { id: 'harvest', header: t('web.lots.harvest'), tight: true, cell: (h) => h.harvest },
    { id: 'lots', header: t('web.lots.nav'), num: true, cell: (h) => h.lots },
    {
      id: 'how',
      header: t('web.balance.calculation'),
      cell: (h) => (
        <span className="small nums">
          {h.areaMu === undefined
            ? t('web.balance.area-unknown')
            : h.limitKg
              ? t('web.balance.area-times', { Area: h.areaMu, Yield: b.yieldKgPerMu ?? '', Kg: h.limitKg })
              : t('web.balance.area-only', { Area: h.areaMu })}
        </span>
      ),
    },
    { id: 'produced', header: t('web.balance.produced'), num: true, cell: (h) => h.producedKg },
    { id: 'limit', header: t('web.balance.limit'), num: true, cell: (h) => h.limitKg ?? '–' },
    { id: 'verdict', header: t('web.balance.verdict'), cell: (h) => <Verdict of={h} /> },
  ]
}

function Verdict({ of }: { of: Pick<LotLine, 'verdict' | 'overKg'> }) {
  const { t, word } = useI18n()
  return (
    <>
      <Tag tone={POSSIBLE[of.verdict]}>{word('mark-balance.', of.verdict)}</Tag>
      {of.overKg && <div className="small nums">{t('web.balance.over', { Kg: of.overKg })}</div>}
    </>
  )
}
