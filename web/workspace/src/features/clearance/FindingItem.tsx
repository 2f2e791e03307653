import { Button, NativeSelect, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { changed, DECIDED, DECISIONS, type Decision, decide, type Finding, type Report, undo } from './queries'
import { type Run, sames } from './sames'

/** A record that was found: both names with what is the same in them, why it was found, and what a person says of it. */
export function FindingItem({ report, of: f }: { report: Report; of: Finding }) {
  const { t, word, number } = useI18n()
  const [ours, theirs] = sames(f.name, f.sign)
  return (
    <li className="finding">
      <div className="finding-names">
        <Side title={t('web.clearance.ours')} runs={ours} />
        <Side title={t('web.clearance.theirs')} runs={theirs} also={f.main} />
        <div className="finding-score">
          <span className="soft small">{t('web.clearance.score')}</span>
          <b>{number(f.score)}</b>
        </div>
      </div>
      <Facts of={f} />
      <ul className="findings small">
        {f.likenesses.map((l) => (
          <li key={l.kind}>
            {word('clearance.likeness.', l.kind)} ({number(l.score)}){' '}
            <span className="soft">
              <bdi>{l.ours}</bdi> – <bdi>{l.theirs}</bdi>
            </span>
            {l.shared && <div className="soft">{t('clearance.shared', { Term: l.shared })}</div>}
          </li>
        ))}
      </ul>
      <Said report={report} of={f} />
    </li>
  )
}

function Side({ title, runs, also }: { title: string; runs: Run[]; also?: string }) {
  return (
    <div>
      <div className="soft small">{title}</div>
      <bdi className="finding-name">
        {runs.map((run, i) => (run.same ? <mark key={i}>{run.text}</mark> : <span key={i}>{run.text}</span>))}
      </bdi>
      {also && (
        <div className="soft small">
          <bdi>{also}</bdi>
        </div>
      )}
    </div>
  )
}

/** Where a record stands that has a page here. */
const PAGES: Partial<Record<string, '/registrations/$id' | '/recognitions/$id' | '/cases/$id'>> = {
  registrations: '/registrations/$id',
  recognitions: '/recognitions/$id',
  cases: '/cases/$id',
}

function Facts({ of: f }: { of: Finding }) {
  const { t, word, market, day, text } = useI18n()
  const page = PAGES[f.source]
  const state = f.state && stateWord(f, word)
  const said = [
    f.office ? market(f.office) : t('clearance.everywhere'),
    f.number,
    text(f.holder),
    f.since && day(f.since),
    f.classes?.map((c) => `${c.scheme} ${c.code}`).join(', '),
    f.list || text(f.publisher) || word('clearance.source.', f.source),
  ].filter(Boolean)
  return (
    <p className="small">
      {state && <Tag tone={f.ended ? 'plain' : 'info'}>{state}</Tag>}{' '}
      {f.goods !== 'unknown' && (
        <Tag tone={f.goods === 'same' ? 'warn' : 'plain'}>{word('clearance.goods.', f.goods)}</Tag>
      )}{' '}
      {!f.inMarket && <Tag>{t('web.clearance.elsewhere')}</Tag>}{' '}
      {said.map((s, i) => (
        <span key={i}>
          {i > 0 && ' · '}
          <bdi>{s}</bdi>
        </span>
      ))}{' '}
      {page && (
        <Link to={page} params={{ id: f.recordId }}>
          {t('web.clearance.to-record')}
        </Link>
      )}
    </p>
  )
}

function stateWord(f: Finding, word: (prefix: string, value: string) => string) {
  if (f.right === 'recognition') return word('protection.', f.state ?? '')
  if (f.right === 'pending-name') return word('case.state.', f.state ?? '')
  return word(f.source === 'marks' ? 'earlier-mark.status.' : 'registration.status.', f.state ?? '')
}

/** What was decided, or the way to decide. */
function Said({ report, of: f }: { report: Report; of: Finding }) {
  const { t, word, instant } = useI18n()
  const [deciding, setDeciding] = useState(false)
  const back = useMutation({ mutationFn: () => undo(report.id, f.id), onSuccess: () => changed() })
  if (deciding) return <DecideForm report={report} of={f} onDone={() => setDeciding(false)} />
  return (
    <div className="stack tight">
      {f.decision && (
        <p className="quote">
          <Tag tone={DECIDED[f.decision]}>{word('clearance.decision.', f.decision)}</Tag>{' '}
          <span dir="auto">{f.reason}</span>{' '}
          <span className="soft small">
            <bdi>{f.decidedBy}</bdi>, {f.decidedAt && instant(f.decidedAt)}
          </span>
        </p>
      )}
      <ProblemAlert error={back.error} />
      <div className="row">
        {f.allowed.includes('decide') && (
          <Button size="compact-sm" variant="default" onClick={() => setDeciding(true)}>
            {t('web.clearance.decide')}
            <span className="sr-only"> {f.sign}</span>
          </Button>
        )}
        {f.allowed.includes('undo') && (
          <Button size="compact-sm" variant="subtle" loading={back.isPending} onClick={() => back.mutate()}>
            {t('web.clearance.undo')}
            <span className="sr-only"> {f.sign}</span>
          </Button>
        )}
      </div>
    </div>
  )
}

function DecideForm({ report, of: f, onDone }: { report: Report; of: Finding; onDone: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { decision: 'no-conflict' as Decision, reason: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => decide(report.id, f.id, v.decision, v.reason),
    onSuccess: async () => {
      await changed()
      onDone()
    },
    onError: atFields(form),
  })
  return (
    <form noValidate className="stack tight" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <NativeSelect
        maw={240}
        label={t('web.clearance.decision')}
        data={DECISIONS.map((value) => ({ value, label: word('clearance.decision.', value) }))}
        {...form.getInputProps('decision')}
      />
      <Textarea
        required
        autosize
        minRows={2}
        maxLength={4000}
        label={t('web.clearance.reason')}
        {...form.getInputProps('reason')}
      />
      <FormButtons submit={t('web.clearance.decide')} busy={run.isPending} onCancel={onDone} />
    </form>
  )
}
