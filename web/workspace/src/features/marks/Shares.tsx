import { useMemo } from 'react'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import type { Share, Usage } from './usage'

type Township = Usage['townships'][number]

/** The rate of a share, never rounded up: a target that is not met is not shown as met. */
export function Rate({ of }: { of: Share }) {
  const { t, rate } = useI18n()
  return of.percent === undefined ? <span className="soft">{t('web.mark-usage.nobody')}</span> : rate(of.percent)
}

/** Whether the target is met, where there is one. */
export function Met({ of }: { of: Share }) {
  const { t } = useI18n()
  if (of.met === undefined) return null
  return <Tag tone={of.met ? 'ok' : 'bad'}>{t(of.met ? 'web.mark-usage.met' : 'web.mark-usage.not-met')}</Tag>
}

type Props = { title: string; share: Share; target: number | undefined }

/** A rate, how it was counted, and how far it is from the target. */
export function SharePanel({ title, share, target }: Props) {
  const { t, number } = useI18n()
  return (
    <Panel title={title} aside={<Met of={share} />} className="half">
      <p className="rate">
        <Rate of={share} />
      </p>
      <div className="gauge" data-full={share.met || undefined} style={{ position: 'relative' }} aria-hidden="true">
        <span style={{ inlineSize: `${share.percent ?? 0}%` }} />
        {target !== undefined && <i className="target" style={{ insetInlineStart: `${target}%` }} />}
      </div>
      <p className="soft small" style={{ marginBlockStart: 8 }}>
        {t('web.mark-usage.of', { Using: number(share.using), Counted: number(share.counted) })}
        {share.excluded > 0 && ` · ${t('web.mark-usage.excluded', { Count: share.excluded })}`}
      </p>
    </Panel>
  )
}

/** The rate of each township; one that is chosen narrows the list of producers. */
export function TownshipsPanel({ usage, onChoose }: { usage: Usage; onChoose: (township: string) => void }) {
  const { t, number } = useI18n()
  const columns = useMemo(
    (): Column<Township>[] => [
      {
        id: 'township',
        header: t('web.special-marks.township'),
        by: (r) => r.township,
        cell: (r) =>
          r.township ? (
            <button type="button" className="link" onClick={() => onChoose(r.township)}>
              <bdi>{r.township}</bdi>
            </button>
          ) : (
            <span className="soft">{t('web.mark-usage.no-township')}</span>
          ),
      },
      {
        id: 'rate',
        header: t('web.mark-usage.rate'),
        num: true,
        by: (r) => r.share.percent ?? -1,
        cell: (r) => <Rate of={r.share} />,
      },
      {
        id: 'using',
        header: t('web.mark-usage.using'),
        num: true,
        by: (r) => r.share.using,
        cell: (r) => number(r.share.using),
      },
      {
        id: 'counted',
        header: t('web.mark-usage.counted'),
        num: true,
        by: (r) => r.share.counted,
        cell: (r) => number(r.share.counted),
      },
      {
        id: 'met',
        header: t('web.mark-usage.target'),
        tight: true,
        has: (r) => r.share.met !== undefined,
        cell: (r) => <Met of={r.share} />,
      },
    ],
    [t, number, onChoose],
  )
  return (
    <Panel title={t('web.mark-usage.townships')} className="half">
      <DataTable
        whole
        columns={columns}
        rows={usage.townships}
        rowId={(r) => r.township}
        caption={t('web.mark-usage.townships')}
        empty={<p className="soft">{t('web.mark-usage.nobody')}</p>}
      />
    </Panel>
  )
}

/** Who is listed and not counted, and why. */
export function ExclusionsPanel({ usage }: { usage: Usage }) {
  const { t, number } = useI18n()
  if (usage.exclusions.length === 0) return null
  return (
    <Panel title={t('web.mark-usage.exclusions')}>
      <ul className="list">
        {usage.exclusions.map((e) => (
          <li key={e.reason}>
            <bdi>{e.reason}</bdi>
            <span className="end nums">{number(e.count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
