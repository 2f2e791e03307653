import { Button, NativeSelect, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { queryClient } from '../../api/client'
import { cancelTask, finished, useTask } from '../../api/task'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { TaskProgress } from '../../ui/TaskProgress'
import { FindingItem } from './FindingItem'
import { changed, DECISIONS, type Finding, findingsQuery, issue, type Report, RIGHTS, reportQuery } from './queries'

const route = getRouteApi('/house/clearance/$id')

/** A report: what was asked, what was searched, and what was found by kind of right. */
export function ReportPage() {
  const { t } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(reportQuery(id))
  const crumb = (
    <Link to="/clearance" className="crumb">
      <Back>{t('web.clearance.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.clearance.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown of={data} crumb={crumb} />
}

function Shown({ of: r, crumb }: { of: Report; crumb: React.ReactNode }) {
  const { t, market, instant } = useI18n()
  return (
    <>
      <PageHead
        title={r.title}
        lang={r.names[0]?.language}
        crumb={crumb}
        lead={t('web.clearance.summary', { Market: market(r.market), When: instant(r.askedAt), By: r.askedBy })}
        acts={r.status === 'done' && <Exports of={r} />}
      />
      <div className="grid">
        <div className="stack w8">{r.status === 'searching' ? <Searching of={r} /> : <Findings of={r} />}</div>
        <div className="stack w4">
          <Question of={r} />
          {r.status === 'done' && <Searched of={r} />}
        </div>
      </div>
    </>
  )
}

/** The languages in which a report is set. */
const PAPERS = ['zh-Hans', 'en', 'ar'] as const

/** The paper is printed again when somebody decided since; the task of the last printing is what the report names. */
function Paper({ of: r }: { of: Report }) {
  const { t, locale } = useI18n()
  const refused = useRefused()
  const run = useMutation({
    mutationFn: () => issue(r.id, PAPERS.find((l) => l === locale) ?? 'en'),
    onSuccess: (printing) => queryClient.setQueryData(reportQuery(r.id).queryKey, printing),
    onError: refused,
  })
  const task = useTask(r.taskId ?? '', () => void changed())
  const going = task && task.kind === 'clearance-report.issue' && !finished(task)
  return (
    <>
      {r.documentId && (
        <LinkButton variant="default" to="/documents/$id" params={{ id: r.documentId }}>
          {t('web.clearance.paper-open')}
        </LinkButton>
      )}
      {r.allowed.includes('issue') && r.printedVersion !== r.version && (
        <Button variant="default" loading={run.isPending || going} onClick={() => run.mutate()}>
          {t('web.clearance.paper')}
        </Button>
      )}
    </>
  )
}

function Exports({ of: r }: { of: Report }) {
  const { t } = useI18n()
  if (!r.allowed.includes('export')) return null
  return (
    <>
      <Paper of={r} />
      {(['xlsx', 'csv'] as const).map((format) => (
        <a key={format} className="small" href={`/api/v1/clearance-reports/${r.id}/export?format=${format}`} download>
          {t('web.clearance.export', { Format: format.toUpperCase() })}
        </a>
      ))}
    </>
  )
}

function Searching({ of: r }: { of: Report }) {
  const { t } = useI18n()
  const task = useTask(r.taskId ?? '', () => void changed())
  return (
    <Panel title={t('web.clearance.searching')}>
      {task && <TaskProgress task={task} onCancel={() => void cancelTask(task.id)} />}
    </Panel>
  )
}

/** The least scores that one may ask for. */
const LEAST = ['0', '60', '75', '90'] as const

function Findings({ of: r }: { of: Report }) {
  const { t, word, number } = useI18n()
  const { data, error, refetch } = useQuery(findingsQuery(r.id))
  const [least, setLeast] = useState<string>('0')
  const [decision, setDecision] = useState('')
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={320} radius={14} />
  if (data.length === 0) return <Empty title={t('web.clearance.nothing')}>{t('web.clearance.nothing-why')}</Empty>
  const shown = data.filter((f) => f.score >= Number(least) && (!decision || (f.decision ?? 'undecided') === decision))
  return (
    <>
      <Panel>
        <search className="toolbar">
          <NativeSelect
            label={t('web.clearance.score')}
            value={least}
            onChange={(e) => setLeast(e.currentTarget.value)}
            data={LEAST.map((value) => ({
              value,
              label:
                value === '0' ? t('web.list.all') : t('web.clearance.score-from', { Score: number(Number(value)) }),
            }))}
          />
          <NativeSelect
            label={t('web.clearance.decision')}
            value={decision}
            onChange={(e) => setDecision(e.currentTarget.value)}
            data={[
              { value: '', label: t('web.list.all') },
              { value: 'undecided', label: t('web.clearance.undecided') },
              ...DECISIONS.map((value) => ({ value, label: word('clearance.decision.', value) })),
            ]}
          />
          <span className="soft small" role="status" style={{ alignSelf: 'end', paddingBlockEnd: 10 }}>
            {t('web.clearance.decided-of', { Decided: number(r.decided), Kept: number(r.kept) })}
            {r.found > r.kept && ` ${t('web.clearance.cut', { Found: number(r.found), Kept: number(r.kept) })}`}
          </span>
        </search>
      </Panel>
      {shown.length === 0 && <Empty title={t('web.list.nothing-found')} />}
      {RIGHTS.map((right) => (
        <Group
          key={right}
          report={r}
          title={word('clearance.right.', right)}
          all={shown.filter((f) => f.right === right)}
        />
      ))}
    </>
  )
}

function Group({ report, title, all }: { report: Report; title: string; all: Finding[] }) {
  const { number } = useI18n()
  if (all.length === 0) return null
  return (
    <Panel title={title} aside={<Tag>{number(all.length)}</Tag>}>
      <ul className="findings stack">
        {all.map((f) => (
          <FindingItem key={f.id} report={report} of={f} />
        ))}
      </ul>
    </Panel>
  )
}

function Question({ of: r }: { of: Report }) {
  const { t, language, number } = useI18n()
  return (
    <Panel title={t('web.clearance.question')}>
      <dl className="facts">
        {r.names.map((n) => (
          <Fragment key={n.language + n.text}>
            <dt>{language(n.language)}</dt>
            <dd>
              <bdi lang={n.language}>{n.text}</bdi>
            </dd>
          </Fragment>
        ))}
        {r.classes.length > 0 && (
          <>
            <dt>{t('web.clearance.classes')}</dt>
            <dd>{r.classes.map((c) => `${c.scheme} ${c.code}`).join(' · ')}</dd>
          </>
        )}
        <dt>{t('web.clearance.least')}</dt>
        <dd>{number(r.leastScore)}</dd>
      </dl>
      <div className="row">
        {r.caseId && (
          <LinkButton size="compact-sm" variant="default" to="/cases/$id" params={{ id: r.caseId }}>
            {t('web.clearance.to-case')}
          </LinkButton>
        )}
        {r.registrationId && (
          <LinkButton size="compact-sm" variant="default" to="/registrations/$id" params={{ id: r.registrationId }}>
            {t('web.clearance.to-registration')}
          </LinkButton>
        )}
      </div>
    </Panel>
  )
}

/** What was looked at, so that whoever reads the report later knows what it could not know. */
function Searched({ of: r }: { of: Report }) {
  const { t, word, number, day, instant } = useI18n()
  return (
    <Panel title={t('web.clearance.searched')}>
      <dl className="facts searched">
        {r.searched.map((s) => (
          <Fragment key={s.source}>
            <dt>{word('clearance.source.', s.source)}</dt>
            <dd>
              {t('web.clearance.names-count', { Count: s.count })}
              {s.newestAt && (
                <div className="soft small">{t('web.clearance.newest', { When: instant(s.newestAt) })}</div>
              )}
              {s.lists?.map((l) => (
                <div key={l.id} className="soft small">
                  <bdi>{l.name}</bdi> ({number(l.count)}) · <bdi>{l.source}</bdi> · {day(l.takenOn)}
                </div>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
      <p className="soft small">{t('web.clearance.no-advice')}</p>
      {r.method && (
        <p className="soft small mono" dir="ltr">
          {[
            `weights ${r.method.weights}`,
            `pinyin ${r.method.pinyin}`,
            `latin ${r.method.latin}`,
            `variants ${r.method.variants}`,
          ].join(' · ')}
        </p>
      )}
    </Panel>
  )
}
