import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { FreezeDialog } from './FreezeDialog'
import { Rate } from './Shares'
import { type Figure, figuresQuery, type Usage } from './usage'

type Month = Usage['months'][number]
export type Row = Month & { figure?: Figure; over: boolean }

/** The rate month by month as it is now, and as it was reported: what was reported stays, whatever is found later. */
export function MonthsPanel({ usage }: { usage: Usage }) {
  const { t } = useI18n()
  const session = useSession()
  const { registrationId } = usage
  const readable = may(session, 'mark-usage-figure:read') && registrationId !== undefined
  const { data, error } = useQuery({ ...figuresQuery(registrationId ?? ''), enabled: readable })
  const [freezing, setFreezing] = useState<Row>()
  const rows = useMemo(() => rowsOf(usage, data), [usage, data])
  return (
    <Panel title={t('web.mark-usage.months')} className="half">
      <div className="stack">
        <ProblemAlert error={error} />
        <Chart usage={usage} />
        <DataTable
          columns={useColumns(may(session, 'mark-usage-figure:freeze') ? setFreezing : undefined)}
          rows={rows}
          rowId={(r) => r.month}
          caption={t('web.mark-usage.months')}
          empty={null}
        />
        {!registrationId && <p className="soft small">{t('web.mark-usage.figures-how')}</p>}
      </div>
      {freezing && registrationId && (
        <FreezeDialog row={freezing} registrationId={registrationId} onClose={() => setFreezing(undefined)} />
      )}
    </Panel>
  )
}

/** Of the figures of a month the newest holds; the list has the newest first. */
function rowsOf(usage: Usage, figures: Figure[] | undefined): Row[] {
  const thisMonth = today().slice(0, 7)
  return usage.months
    .map((m) => ({
      ...m,
      figure: figures?.find((f) => f.month === m.month),
      over: figures !== undefined && m.month.slice(0, 7) < thisMonth,
    }))
    .reverse()
}

function useColumns(onFreeze?: (row: Row) => void): Column<Row>[] {
  const { t, month, day } = useI18n()
  return useMemo(
    () => [
      { id: 'month', header: t('web.mark-usage.month'), tight: true, cell: (r) => month(r.month) },
      { id: 'all', header: t('web.mark-usage.all'), num: true, cell: (r) => <Rate of={r.all} /> },
      { id: 'exporters', header: t('web.mark-usage.exporters'), num: true, cell: (r) => <Rate of={r.exporters} /> },
      {
        id: 'figure',
        header: t('web.mark-usage.reported'),
        has: (r) => r.figure !== undefined,
        cell: (r) =>
          r.figure && (
            <>
              <Rate of={r.figure.all} /> · <Rate of={r.figure.exporters} />
              <div className="soft small">
                {day(r.figure.frozenAt.slice(0, 10))} <bdi>{r.figure.frozenName}</bdi>
                {r.figure.reason && (
                  <>
                    {' · '}
                    <bdi>{r.figure.reason}</bdi>
                  </>
                )}
              </div>
            </>
          ),
      },
      {
        id: 'freeze',
        header: t('web.mark-usage.report'),
        tight: true,
        has: (r) => r.over && onFreeze !== undefined,
        cell: (r) =>
          r.over && (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('web.mark-usage.freeze-month', { Month: month(r.month) })}
              onClick={() => onFreeze?.(r)}
            >
              {t('web.mark-usage.freeze')}
            </Button>
          ),
      },
    ],
    [t, month, day, onFreeze],
  )
}

/** Two columns a month, all and export enterprises, and the line of the target. The table below says the same in numbers. */
function Chart({ usage }: { usage: Usage }) {
  const { t, rate } = useI18n()
  return (
    <figure className="stack tight" aria-hidden="true">
      <div className="columns">
        {usage.months.map((m) => (
          <span key={m.month}>
            <i style={{ blockSize: `${m.all.percent ?? 0}%` }} />
            <i data-tone="info" style={{ blockSize: `${m.exporters.percent ?? 0}%` }} />
          </span>
        ))}
        {usage.targetPercent !== undefined && <hr style={{ insetBlockEnd: `${usage.targetPercent}%` }} />}
      </div>
      <figcaption className="row small soft">
        <span className="key">{t('web.mark-usage.all')}</span>
        <span className="key" data-tone="info">
          {t('web.mark-usage.exporters')}
        </span>
        {usage.targetPercent !== undefined && (
          <span className="key" data-tone="line">
            {t('web.mark-usage.target-of', { Percent: rate(usage.targetPercent) })}
          </span>
        )}
      </figcaption>
    </figure>
  )
}
