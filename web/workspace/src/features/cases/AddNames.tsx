import { Button, Checkbox, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { UploadField } from '../../ui/UploadField'
import { beginning, begun, CaseFields } from './CaseFields'
import { changed } from './queries'
import { addToWave, type Choice, chosenOf, type Preview, previewWave, type Row, type Wave } from './waves'

const FATE: Record<Row['fate'], Tone> = {
  found: 'ok',
  ambiguous: 'warn',
  'not-found': 'warn',
  'has-case': 'info',
  'in-wave': 'plain',
  double: 'plain',
  wrong: 'bad',
}
/** What a column of a list of names may be; the rest of it is not looked at. */
const FIELDS = ['name', 'nameLanguage', 'transcription', 'nameEn', 'nameAr', 'number'] as const

/** A list of names comes into a wave: it is read, each row says what would become of it, and what is chosen is added at once. */
export function AddNamesDialog({ of: w, onClose }: { of: Wave; onClose: () => void }) {
  const { t } = useI18n()
  const first = w.members[0]
  const form = useForm({
    initialValues: {
      text: '',
      documentId: '',
      language: '',
      cases: {
        ...beginning(),
        ...(first && { originOffice: first.originOffice, market: first.market, instrumentId: first.instrumentId }),
      },
    },
  })
  const read = useMutation({
    mutationFn: (how: Pick<Schema['WaveListInput'], 'headings' | 'columns'>) => {
      const { text, documentId, language, cases } = form.values
      return previewWave(w.id, {
        ...(documentId ? { documentId } : { text }),
        ...(language && { language }),
        ...how,
        cases: begun(cases),
      })
    },
  })
  useRefusalAtFields(form, read.error)
  const field = (path: string) => ({ 'data-path': path, ...form.getInputProps(path) })
  return (
    <Modal opened size="70rem" onClose={onClose} title={t('web.wave.add')}>
      {read.data?.complete ? (
        <Rows
          of={w}
          preview={read.data}
          cases={begun(form.values.cases)}
          onBack={() => read.reset()}
          onHeadings={(headings) => read.mutate({ headings })}
          onClose={onClose}
        />
      ) : (
        <form noValidate className="stack" onSubmit={form.onSubmit(() => read.mutate({}))}>
          <ProblemAlert error={read.error} placed={Object.keys(form.errors)} />
          {read.data && <Columns of={read.data} busy={read.isPending} run={(how) => read.mutate(how)} />}
          <Textarea
            label={t('web.wave.names')}
            description={t('web.wave.names-why')}
            autosize
            minRows={4}
            maxRows={10}
            disabled={form.values.documentId !== ''}
            {...field('text')}
          />
          <UploadField
            label={t('web.wave.file')}
            hint={t('web.wave.file-why')}
            accept=".csv,.txt,.xlsx,.json"
            wish={{ purpose: 'wave' }}
            onUploaded={(d) => form.setFieldValue('documentId', d.id)}
          />
          <TextInput label={t('web.case.language')} description={t('web.wave.language-why')} {...field('language')} />
          <CaseFields instrumentId={form.values.cases.instrumentId} field={(name) => field(`cases.${name}`)} />
          <FormButtons
            submit={t('web.wave.preview')}
            onCancel={onClose}
            busy={read.isPending}
            disabled={!form.values.text.trim() && !form.values.documentId}
          />
        </form>
      )}
    </Modal>
  )
}

type ColumnsProps = {
  of: Preview
  busy: boolean
  run: (how: Pick<Schema['WaveListInput'], 'headings' | 'columns'>) => void
}

/** Which column is the name, where no heading says so. */
function Columns({ of: p, busy, run }: ColumnsProps) {
  const { t, word } = useI18n()
  const [fields, setFields] = useState<Record<string, string>>(() =>
    Object.fromEntries(p.columns.map((c) => [c.heading, c.field ?? c.suggested ?? ''])),
  )
  const options = [
    { value: '', label: t('web.import.field.none') },
    ...FIELDS.map((f) => ({ value: f, label: word('web.import.field.', f) })),
  ]
  return (
    <fieldset className="fieldset stack">
      <legend>{t('web.wave.columns')}</legend>
      <div className="row">
        {p.columns.map((c) => (
          <NativeSelect
            key={c.column}
            label={<bdi>{c.heading}</bdi>}
            description={<bdi>{c.samples.join(' · ')}</bdi>}
            value={fields[c.heading] ?? ''}
            onChange={(e) => setFields({ ...fields, [c.heading]: e.currentTarget.value })}
            data={options}
          />
        ))}
      </div>
      <div className="row">
        <Button
          size="compact-sm"
          loading={busy}
          disabled={!Object.values(fields).includes('name')}
          onClick={() =>
            run({
              headings: p.headings,
              columns: Object.entries(fields).flatMap(([heading, value]) => {
                const field = FIELDS.find((f) => f === value)
                return field ? [{ heading, field }] : []
              }),
            })
          }
        >
          {t('web.wave.read-again')}
        </Button>
        {p.headings && (
          <Button size="compact-sm" variant="default" loading={busy} onClick={() => run({ headings: false })}>
            {t('web.wave.no-headings')}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

type RowsProps = {
  of: Wave
  preview: Preview
  cases: Schema['WaveCases']
  onBack: () => void
  onHeadings: (headings: boolean) => void
  onClose: () => void
}

/** Each row with its fate; what is found is chosen already, what needs a decision waits for one. */
function Rows({ of: w, preview, cases, onBack, onHeadings, onClose }: RowsProps) {
  const { t, word, number } = useI18n()
  const [choices, setChoices] = useState<Record<number, Choice>>({})
  const taken = chosenOf(preview.rows, choices)
  const count = taken.names.length + taken.caseIds.length
  const run = useMutation({
    mutationFn: () => addToWave(w, { ...taken, cases }),
    onSuccess: async () => {
      await changed()
      done(t('web.wave.added', { Count: number(count) }))
      onClose()
    },
  })
  const choose = (row: number, choice: Choice) => setChoices((was) => ({ ...was, [row]: choice }))
  const columns: Column<Row>[] = [
    { id: 'row', header: t('web.import.row'), num: true, cell: (r) => number(r.row) },
    {
      id: 'name',
      header: t('web.case.name'),
      cell: (r) => (
        <>
          <bdi lang={r.name?.language}>{r.name?.name}</bdi>
          <div className="soft small">
            <bdi>{(r.name?.forms ?? []).map((f) => f.text).join(' · ')}</bdi>
          </div>
        </>
      ),
    },
    {
      id: 'fate',
      header: t('web.import.fate'),
      tight: true,
      cell: (r) => <Tag tone={FATE[r.fate]}>{word('web.wave.fate.', r.fate)}</Tag>,
    },
    { id: 'choice', header: t('web.wave.take'), cell: (r) => <Take of={r} choices={choices} choose={choose} /> },
    {
      id: 'findings',
      header: t('web.import.problems'),
      cell: (r) =>
        r.findings.map((f, i) => (
          <div key={i} className="small">
            {f.column !== undefined && `${t('web.import.column-number', { Column: number(f.column) })} `}
            <bdi>{f.pointer}</bdi> {f.message}
          </div>
        )),
    },
  ]
  return (
    <div className="stack">
      <ProblemAlert error={run.error} />
      <div className="row">
        <span role="status">{t('web.wave.chosen', { Count: number(count), Rows: number(preview.rows.length) })}</span>
        {preview.encoding && <span className="soft small">{preview.encoding}</span>}
        <Button size="compact-sm" variant="default" onClick={() => onHeadings(!preview.headings)}>
          {preview.headings ? t('web.wave.no-headings') : t('web.wave.with-headings')}
        </Button>
      </div>
      {preview.unknownColumns.length > 0 && (
        <p className="soft small">{t('web.wave.unread', { Columns: preview.unknownColumns.join(' · ') })}</p>
      )}
      <DataTable
        columns={columns}
        rows={preview.rows}
        rowId={(r) => String(r.row)}
        caption={t('web.wave.preview')}
        empty={t('web.waves.empty')}
      />
      <div className="row end">
        <Button variant="default" onClick={onBack}>
          {t('web.wave.other-list')}
        </Button>
        <Button loading={run.isPending} disabled={count === 0} onClick={() => run.mutate()}>
          {t('web.wave.add-chosen', { Count: number(count) })}
        </Button>
      </div>
    </div>
  )
}

type TakeProps = { of: Row; choices: Record<number, Choice>; choose: (row: number, choice: Choice) => void }

function Take({ of: r, choices, choose }: TakeProps) {
  const { t } = useI18n()
  if (['in-wave', 'double', 'wrong'].includes(r.fate)) return null
  if (r.fate === 'ambiguous') {
    return (
      <NativeSelect
        size="xs"
        aria-label={t('web.wave.take-which', { Name: r.name?.name ?? '' })}
        value={String(choices[r.row] ?? '')}
        onChange={(e) => choose(r.row, e.currentTarget.value === '' ? false : Number(e.currentTarget.value))}
        data={[
          { value: '', label: t('web.wave.take-none') },
          ...r.found.map((f, i) => ({ value: String(i), label: [f.number, f.name.name].filter(Boolean).join(' ') })),
        ]}
      />
    )
  }
  return (
    <Checkbox
      aria-label={t('web.wave.choose', { Name: r.name?.name ?? '' })}
      checked={Boolean(choices[r.row] ?? r.fate !== 'not-found')}
      onChange={(e) => choose(r.row, e.currentTarget.checked)}
    />
  )
}
