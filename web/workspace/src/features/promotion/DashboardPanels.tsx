import { useMemo } from 'react'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { bars, type Figures, type Funnel, OUTCOME_STEPS, SELECTION, type Spent, type Sum } from './figures'

/** Sums of money, each in its currency. */
export function Sums({ of }: { of: Sum[] }) {
  const { money } = useI18n()
  return (
    <>
      {of.map((s) => (
        <div key={s.currency} className="nums">
          {money(s.amount, s.currency)}
        </div>
      ))}
    </>
  )
}

/** From the call to exports. */
export function FunnelPanel({ of: f }: { of: Figures }) {
  const { t } = useI18n()
  return (
    <Panel title={t('web.promotion.funnel')}>
      {f.funnel.calls === 0 && <p className="soft">{t('web.promotion.year-empty')}</p>}
      <div className="grid">
        <Half of={f.funnel} steps={SELECTION} />
        <Half of={f.funnel} steps={OUTCOME_STEPS} />
      </div>
      <dl className="facts" style={{ marginBlockStart: 14 }}>
        <dt>{t('web.promotion.exports')}</dt>
        <dd>{f.exports.length > 0 ? <Sums of={f.exports} /> : <span className="soft">—</span>}</dd>
      </dl>
    </Panel>
  )
}

function Half({ of, steps }: { of: Funnel; steps: readonly (keyof Funnel)[] }) {
  const { word, number } = useI18n()
  const length = bars(of, steps)
  return (
    <ol className="times half" style={{ margin: 0 }}>
      {steps.map((s) => (
        <li key={s}>
          <div className="row" style={{ justifyContent: 'space-between' }}>
            <span>{word('web.promotion.figure.', s)}</span>
            <b className="nums">{number(of[s])}</b>
          </div>
          <div className="gauge" aria-hidden="true" style={{ marginBlockStart: 6 }}>
            <span style={{ inlineSize: `${length[s]}%` }} />
          </div>
        </li>
      ))}
    </ol>
  )
}

/** What the money was promised and paid for, and what a contract cost. */
export function SpentPanel({ of }: { of: Spent[] }) {
  const { t, number, money } = useI18n()
  const columns = useMemo((): Column<Spent>[] => {
    const sum = (id: 'budget' | 'committed' | 'paid'): Column<Spent> => ({
      id,
      header: t(`web.promotion.figure.${id}`),
      num: true,
      cell: (s) => money(s[id], s.currency),
    })
    return [
      { id: 'currency', header: t('web.promotion.currency'), tight: true, cell: (s) => s.currency },
      sum('budget'),
      sum('committed'),
      sum('paid'),
      {
        id: 'contracts',
        header: t('web.promotion.figure.contracts'),
        num: true,
        cell: (s) => number(s.contracts),
      },
      {
        id: 'each',
        header: t('web.promotion.per-contract'),
        num: true,
        cell: (s) => (s.perContract ? <b>{money(s.perContract, s.currency)}</b> : '—'),
      },
    ]
  }, [t, number, money])
  return (
    <Panel title={t('web.promotion.spent')}>
      <DataTable
        whole
        columns={columns}
        rows={of}
        rowId={(s) => s.currency}
        caption={t('web.promotion.spent')}
        empty={<Empty title={t('web.promotion.year-empty')} />}
      />
    </Panel>
  )
}

/** The years beside one another. */
export function YearsPanel({ of: f }: { of: Figures }) {
  const { t, number } = useI18n()
  const columns = useMemo((): Column<Figures['years'][number]>[] => {
    const figure = (id: 'applications' | 'awarded' | 'contracts'): Column<Figures['years'][number]> => ({
      id,
      header: t(`web.promotion.figure.${id}`),
      num: true,
      cell: (y) => number(y.funnel[id]),
    })
    return [
      { id: 'year', header: t('web.promotion.year'), tight: true, cell: (y) => String(y.year) },
      figure('applications'),
      figure('awarded'),
      figure('contracts'),
    ]
  }, [t, number])
  return (
    <Panel title={t('web.promotion.years')}>
      <DataTable
        columns={columns}
        rows={f.years}
        rowId={(y) => String(y.year)}
        caption={t('web.promotion.years')}
        empty={<Empty title={t('web.promotion.dashboard-empty')} />}
      />
    </Panel>
  )
}

/** Who applied in any year and was never awarded anything. */
export function NeverPanel({ of: f }: { of: Figures }) {
  const { t, day } = useI18n()
  return (
    <Panel title={t('web.promotion.never')}>
      {f.neverSupported.length === 0 && <p className="soft">{t('web.promotion.never-none')}</p>}
      <ul className="list">
        {f.neverSupported.map((n) => (
          <li key={`${n.creditCode} ${n.name}`}>
            <bdi>{n.name}</bdi>
            <span className="end small">{t('web.promotion.applied', { Count: n.applications })}</span>
            <span className="sub">
              {n.creditCode && <bdi className="mono">{n.creditCode}</bdi>}{' '}
              {t('web.promotion.last-on', { Day: day(n.lastOn) })}
            </span>
          </li>
        ))}
      </ul>
      {f.neverSupportedCount > f.neverSupported.length && (
        <p className="soft small">{t('web.promotion.count', { Count: f.neverSupportedCount })}</p>
      )}
    </Panel>
  )
}
