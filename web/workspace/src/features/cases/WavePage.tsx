import { Alert, Button, Checkbox, Modal, NativeSelect, Skeleton, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Back, Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { today } from '../../ui/today'
import { AddNamesDialog } from './AddNames'
import { AnnexLinks } from './AnnexLinks'
import { type Act, changed, ENDS, STATE } from './queries'
import { exceptWave, type Member, type Moved, moveWave, type Wave, waveQuery } from './waves'

const route = getRouteApi('/house/waves/$id')

/** A wave: its names, and what is done with them together. */
export function WavePage() {
  const { t } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(waveQuery(id))
  const crumb = (
    <Link to="/waves" className="crumb">
      <Back>{t('web.waves.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.waves.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown of={data} crumb={crumb} />
}

function Shown({ of: w, crumb }: { of: Wave; crumb: React.ReactNode }) {
  const { t, word, number } = useI18n()
  const [chosen, setChosen] = useState<string[]>([])
  const [moving, setMoving] = useState(false)
  const [adding, setAdding] = useState(false)
  const [moved, setMoved] = useState<Moved>()
  const except = useMutation({
    mutationFn: (reason: string) => exceptWave(w, chosen, reason),
    onSuccess: async () => {
      setChosen([])
      await changed()
    },
  })
  const columns = useColumns(chosen, setChosen, moved)
  const some = chosen.length > 0
  return (
    <>
      <PageHead
        title={w.title}
        crumb={crumb}
        lead={w.states.map((s) => `${word('case.state.', s.state)} ${number(s.count)}`).join(' · ')}
        acts={
          <>
            {w.allowed.includes('add') && (
              <Button variant="default" onClick={() => setAdding(true)}>
                {t('web.wave.add')}
              </Button>
            )}
            {w.allowed.includes('move') && (
              <Button onClick={() => setMoving(true)}>
                {some ? t('web.wave.move-chosen', { Count: chosen.length }) : t('web.wave.move')}
              </Button>
            )}
          </>
        }
      />
      <div className="stack">
        {moved && (
          <Alert
            color={moved.stayed ? 'yellow' : 'green'}
            variant="light"
            role="status"
            styles={{ message: { color: 'var(--ink-900)' } }}
          >
            {t('web.wave.moved', { Moved: number(moved.moved), Stayed: number(moved.stayed) })}
          </Alert>
        )}
        <ProblemAlert error={except.error} />
        <Panel>
          <div className="row">
            <AnnexLinks of={w} />
            {some && w.allowed.includes('except') && <Except busy={except.isPending} run={(r) => except.mutate(r)} />}
          </div>
          <DataTable
            columns={columns}
            rows={w.members}
            rowId={(r) => r.caseId}
            caption={w.title}
            whole
            empty={<Empty title={t('web.waves.empty')} />}
          />
        </Panel>
      </div>
      {adding && <AddNamesDialog of={w} onClose={() => setAdding(false)} />}
      {moving && (
        <MoveDialog
          of={w}
          chosen={chosen}
          onMoved={setMoved}
          onClose={() => {
            setMoving(false)
            setChosen([])
          }}
        />
      )}
    </>
  )
}

function Except({ busy, run }: { busy: boolean; run: (reason: string) => void }) {
  const { t } = useI18n()
  const [reason, setReason] = useState('')
  return (
    <span className="row">
      <TextInput
        aria-label={t('web.wave.exception')}
        placeholder={t('web.wave.exception')}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      <Button variant="default" disabled={!reason.trim()} loading={busy} onClick={() => run(reason)}>
        {t('web.wave.except')}
      </Button>
      <Button variant="default" loading={busy} onClick={() => run('')}>
        {t('web.wave.back')}
      </Button>
    </span>
  )
}

function useColumns(chosen: string[], choose: (ids: string[]) => void, moved?: Moved): Column<Member>[] {
  const { t, word, market, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.case.name'),
        by: (r) => r.name,
        cell: (r) => (
          <span className="row">
            <Checkbox
              aria-label={t('web.wave.choose', { Name: r.name })}
              checked={chosen.includes(r.caseId)}
              onChange={(e) =>
                choose(e.currentTarget.checked ? [...chosen, r.caseId] : chosen.filter((id) => id !== r.caseId))
              }
            />
            <Link to="/cases/$id" params={{ id: r.caseId }}>
              <bdi lang={r.language}>{r.name}</bdi>
            </Link>
          </span>
        ),
      },
      {
        id: 'state',
        header: t('web.case.state'),
        tight: true,
        by: (r) => r.state,
        cell: (r) => <Tag tone={STATE[r.state]}>{word('case.state.', r.state)}</Tag>,
      },
      { id: 'since', header: t('web.case.since'), tight: true, by: (r) => r.since, cell: (r) => day(r.since) },
      { id: 'way', header: t('web.case.way'), cell: (r) => `${market(r.originOffice)} → ${market(r.market)}` },
      {
        id: 'stands',
        header: t('web.wave.exception'),
        by: (r) => r.exception ?? '',
        cell: (r) => {
          const stayed = moved?.results.find((m) => m.caseId === r.caseId && !m.moved)
          return (
            <>
              {r.exception && <span dir="auto">{r.exception}</span>}
              {r.openOppositions && <div>{t('web.wave.opposed', { Count: r.openOppositions })}</div>}
              {stayed?.problem && (
                <div className="small">
                  {stayed.problem.message} {stayed.problem.details?.map((d) => d.message).join(' ')}
                </div>
              )}
            </>
          )
        },
      },
    ],
    [t, word, market, day, chosen, choose, moved],
  )
}

const ACTS: Act[] = [
  'submit',
  'endorse',
  'receive',
  'accept',
  'publish',
  'clear',
  'dismiss',
  'enter',
  'grant',
  'limit',
  'refuse',
  'suspend',
  'resume',
  'withdraw',
]

type MoveProps = { of: Wave; chosen: string[]; onMoved: (m: Moved) => void; onClose: () => void }

/** One act for many names, as they were read. What is missing for it, each name says by itself. */
function MoveDialog({ of: w, chosen, onMoved, onClose }: MoveProps) {
  const { t, word } = useI18n()
  const form = useForm({
    initialValues: {
      act: 'receive' as Act,
      on: today(),
      effectiveOn: '',
      receivedOn: '',
      reference: '',
      reason: '',
      phaseOutUntil: '',
      limits: '',
      documentTitle: '',
      documentHash: '',
    },
  })
  const going = w.members.filter((m) => (chosen.length > 0 ? chosen.includes(m.caseId) : !m.exception))
  const run = useMutation({
    mutationFn: ({ act, on, limits, documentTitle, documentHash, ...texts }: typeof form.values) => {
      const how: Schema['RecognitionCaseAct'] = {
        on,
        ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value)),
        ...(limits && { limits: { [document.documentElement.lang]: limits } }),
        ...(documentTitle && { documents: [{ title: documentTitle, sha256: documentHash }] }),
      }
      return moveWave(w.id, { act, how, cases: going.map((m) => ({ caseId: m.caseId, version: m.version })) })
    },
    onSuccess: async (m) => {
      onMoved(m)
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  const take = async (file: File | undefined) => {
    if (!file) return
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    const documentHash = [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('')
    form.setValues({ documentHash, documentTitle: file.name })
  }
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.wave.move-chosen', { Count: going.length })}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <NativeSelect
          label={t('web.wave.act')}
          data={ACTS.map((value) => ({ value, label: word('case.act.', value) }))}
          {...form.getInputProps('act')}
        />
        <TextInput type="date" required label={t('web.case.on')} {...form.getInputProps('on')} />
        <TextInput type="date" label={t('web.act.effective-on')} {...form.getInputProps('effectiveOn')} />
        <TextInput type="date" label={t('web.act.received-on')} {...form.getInputProps('receivedOn')} />
        <TextInput label={t('web.case.reference')} {...form.getInputProps('reference')} />
        {form.values.act === 'limit' && (
          <>
            <Textarea label={t('web.case.limits')} autosize {...form.getInputProps('limits')} />
            <TextInput type="date" label={t('web.wave.phase-out')} {...form.getInputProps('phaseOutUntil')} />
          </>
        )}
        <TextInput
          type="file"
          label={t('web.case.document-file')}
          description={form.values.documentHash}
          onChange={(e) => void take(e.currentTarget.files?.[0])}
        />
        <Textarea label={t('web.act.reason')} autosize minRows={2} {...form.getInputProps('reason')} />
        <FormButtons
          submit={word('case.act.', form.values.act)}
          onCancel={onClose}
          busy={run.isPending}
          danger={ENDS.includes(form.values.act)}
        />
      </form>
    </Modal>
  )
}
