import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { done } from '../../ui/notice'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { useApplicationColumns } from './applicationColumns'
import { advance, applicationsQuery, OUTCOME, objectionsQuery, type Ranked, rankingQuery } from './applications'
import { changed, type Programme } from './calls'
import { DecideDialog } from './DecideDialog'
import { ObjectionList } from './ObjectionList'

/** The applications to an own call in the order in which the committee sees them now, with what was decided. */
export function SelectionPanel({ of: p }: { of: Programme }) {
  const { t, number } = useI18n()
  const { data = [], error, isFetching } = useQuery(rankingQuery(p.id))
  const [deciding, setDeciding] = useState<Ranked>()
  const columns = useColumns(p, setDeciding)
  return (
    <Panel
      title={t('web.promotion.ranking')}
      aside={
        <>
          <span className="soft small">{t('web.promotion.count', { Count: number(data.length) })}</span>
          <Link to="/promotion-applications" search={{ programmeId: p.id }} className="small">
            {t('web.home.all')}
          </Link>
          {p.allowed.includes('advance') && <Advance of={p} />}
        </>
      }
    >
      <ProblemAlert error={error} />
      {!error && (
        <DataTable
          columns={columns}
          rows={data}
          rowId={(r) => r.id}
          caption={t('web.promotion.ranking')}
          busy={isFetching}
          empty={<Empty title={t('web.promotion.ranking-none')} />}
        />
      )}
      {deciding?.application && (
        <DecideDialog of={deciding.application} award={deciding.award} onClose={() => setDeciding(undefined)} />
      )}
    </Panel>
  )
}

function Advance({ of: p }: { of: Programme }) {
  const { t } = useI18n()
  const refused = useRefused()
  const run = useMutation({
    mutationFn: () => advance(p.id),
    onSuccess: async ({ items }) => {
      done(t('web.promotion.advanced', { Count: items.length }))
      await changed()
    },
    onError: refused,
  })
  return (
    <Button size="compact-sm" variant="default" loading={run.isPending} onClick={() => run.mutate()}>
      {t('web.promotion.advance')}
    </Button>
  )
}

function useColumns(p: Programme, onDecide: (r: Ranked) => void): Column<Ranked>[] {
  const { t, word, number, money } = useI18n()
  const decides = may(useSession(), 'promotion-award:decide') && p.status === 'closed'
  return useMemo(
    () => [
      {
        id: 'position',
        header: t('web.promotion.position'),
        num: true,
        cell: (r) => (r.position ? number(r.position) : '–'),
      },
      {
        id: 'name',
        header: t('web.promotion.applicant'),
        cell: (r) => (
          <>
            <Link to="/promotion-applications/$id" params={{ id: r.id }}>
              <bdi>{r.application?.form.name || r.number}</bdi>
            </Link>
            <div className="soft small mono">
              <bdi>{r.number}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'points',
        header: t('web.promotion.points'),
        num: true,
        cell: (r) => (
          <>
            {r.position ? r.points : '–'}
            <div className="soft small">
              {t('web.promotion.votes', { Scored: r.scored, Abstained: r.abstained, Conflicts: r.conflicts })}
            </div>
          </>
        ),
      },
      {
        id: 'support',
        header: t('web.promotion.support'),
        num: true,
        cell: (r) => r.application && money(r.application.support, r.application.currency),
      },
      {
        id: 'decision',
        header: t('web.promotion.decision'),
        cell: (r) =>
          r.award && (
            <>
              <Tag tone={OUTCOME[r.award.outcome]}>{word('promotion.outcome.', r.award.outcome)}</Tag>
              {r.award.outcome !== 'rejected' && (
                <div className="soft small">{money(r.award.amount, r.award.currency)}</div>
              )}
            </>
          ),
      },
      {
        id: 'acts',
        header: '',
        tight: true,
        has: () => decides,
        cell: (r) =>
          r.application && (
            <Button size="compact-xs" variant={r.award ? 'default' : 'filled'} onClick={() => onDecide(r)}>
              {t('web.promotion.decide')}
            </Button>
          ),
      },
    ],
    [t, word, number, money, decides, onDecide],
  )
}

/** What was said against the decisions of a call. */
export function ObjectionsPanel({ of: p }: { of: Programme }) {
  const { t } = useI18n()
  const { data = [], error } = useQuery(objectionsQuery({ programmeId: p.id }))
  if (!error && data.length === 0) return null
  return (
    <Panel title={t('web.promotion.objections')}>
      <ProblemAlert error={error} />
      <ObjectionList of={data} />
    </Panel>
  )
}

/** The applications to an own call, for who scores them and decides on none. */
export function ToWeigh({ of: p }: { of: Programme }) {
  const { t } = useI18n()
  const filter = { programmeId: p.id, own: false }
  return (
    <ListPanel
      ordered
      title={t('web.promotion.applications')}
      filter={{}}
      query={(cursor) => applicationsQuery(filter, cursor)}
      columns={useApplicationColumns()}
      caption={t('web.promotion.applications')}
      empty={t('web.promotion.ranking-none')}
    />
  )
}
