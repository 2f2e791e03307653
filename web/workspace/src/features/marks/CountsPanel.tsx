import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { CountDialog } from './CountDialog'
import { type Batch, countsQuery } from './ledger'
import { howMany, type Numbers } from './ranges'
import { Range, Where } from './Where'

/** So many ranges of a difference are written out; of more the sum says enough. */
const MOST = 20

/** What is missing and what is too much, in numbers and in sum. */
export function Differences({ missing, surplus }: { missing: Numbers[]; surplus: Numbers[] }) {
  const { t } = useI18n()
  const sides = [
    { name: t('web.counts.missing', { Count: howMany(missing) }), of: missing },
    { name: t('web.counts.surplus', { Count: howMany(surplus) }), of: surplus },
  ].filter((side) => side.of.length > 0)
  if (!sides.length) return <Tag tone="ok">{t('web.counts.agrees')}</Tag>
  return (
    <div className="stack tight" role="status">
      {sides.map(({ name, of }) => (
        <div key={name} className="row" style={{ gap: 8 }}>
          <Tag tone="bad">{name}</Tag>
          {of.slice(0, MOST).map((r) => (
            <Fragment key={r.first}>
              <Range of={r} />
            </Fragment>
          ))}
          {of.length > MOST && '…'}
        </div>
      ))}
    </div>
  )
}

/** Stock-takings of a batch, the newest first. */
export function CountsPanel({ batch }: { batch: Batch }) {
  const { t, day, instant } = useI18n()
  const [taking, setTaking] = useState(false)
  const { data, error } = useQuery(countsQuery(batch.id))
  return (
    <Panel
      title={t('web.counts.title')}
      aside={
        batch.allowed.includes('count') && (
          <Button size="compact-sm" variant="default" onClick={() => setTaking(true)}>
            {t('web.counts.take')}
          </Button>
        )
      }
    >
      <ProblemAlert error={error} />
      {data?.length === 0 && <p className="soft">{t('web.counts.none')}</p>}
      <ul className="list">
        {data?.map((c) => (
          <li key={c.id}>
            <Where place={c.place} />
            <span className="end small">{day(c.countedOn)}</span>
            <div className="sub stack tight">
              <Differences missing={c.missing} surplus={c.surplus} />
              {c.explanation && (
                <p className="quote" dir="auto">
                  {c.explanation}
                </p>
              )}
              {t('web.history.recorded', { Name: c.recordedName, When: instant(c.recordedAt) })}
              {c.witnesses && <bdi>{c.witnesses.join(', ')}</bdi>}
            </div>
          </li>
        ))}
      </ul>
      {taking && <CountDialog batch={batch} onClose={() => setTaking(false)} />}
    </Panel>
  )
}
