import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api, body, queryClient, type Schema } from '../../api/client'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import {
  type Field,
  fieldsOf,
  type Import,
  importQuery,
  keep,
  type Mapping,
  mappingsChanged,
  mappingsQuery,
} from './imports'

/** Values for all rows that a file often lacks a column for. */
const FIXED = ['office', 'basisKind', 'nameLanguage', 'source', 'kind', 'category'] as const
const KINDS = ['gi-product', 'certification-mark', 'collective-mark', 'agricultural-gi', 'agreement'] as const
const MARK_KINDS = ['trade-mark', 'plant-variety', 'geographical-indication', 'generic-term'] as const
const MEMBER_CATEGORIES = ['enterprise', 'cooperative', 'grower', 'expert'] as const
type Fixed = (typeof FIXED)[number]

type Values = {
  fields: Record<number, Field | ''>
  fixed: Record<Fixed, string>
  order: string
  row: number | ''
  name: string
}

function initial(of: Import): Values {
  const fixed = { office: '', basisKind: '', nameLanguage: '', source: '', kind: '', category: '' }
  for (const v of of.mapping.values ?? []) {
    const known = FIXED.find((f) => f === v.field)
    if (known) fixed[known] = v.value
  }
  return {
    fields: Object.fromEntries(of.columns.map((c) => [c.column, c.field ?? (c.why ? '' : (c.suggested ?? ''))])),
    fixed,
    order: of.mapping.dayOrder ?? '',
    row: of.mapping.headingRow ?? '',
    name: '',
  }
}

function toMapping(of: Import, v: Values): Mapping {
  const register = of.source && of.source !== 'own' && of.source !== 'mapped' ? of.source : of.mapping.source
  return {
    columns: of.columns.flatMap((c) => {
      const field = v.fields[c.column]
      return field && c.heading ? [{ heading: c.heading, field }] : []
    }),
    values: FIXED.flatMap((field) => (v.fixed[field].trim() ? [{ field, value: v.fixed[field].trim() }] : [])),
    ...((v.order === 'day-first' || v.order === 'month-first') && { dayOrder: v.order }),
    ...(v.row !== '' && { headingRow: v.row }),
    ...(register && { source: register }),
  }
}

/** Which field each column of the file becomes. A select for each column; the file is read again with the answers. */
export function ImportMapper({ of, onMapped }: { of: Import; onMapped: () => void }) {
  const { t } = useI18n()
  const [values, setValues] = useState(() => initial(of))
  const kept = useQuery(mappingsQuery()).data ?? []
  const map = useMutation({
    mutationFn: async () => {
      const mapping = toMapping(of, values)
      const name = values.name.trim()
      if (name) {
        await keep({ name, headings: of.columns.map((c) => c.heading), mapping }, kept)
        await mappingsChanged()
      }
      return body(api.POST('/api/v1/registration-imports/{id}/map', { params: { path: { id: of.id } }, body: mapping }))
    },
    onSuccess: (i) => {
      queryClient.setQueryData(importQuery(of.id).queryKey, i)
      onMapped()
    },
  })
  return (
    <Panel title={t('web.import.columns')}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          map.mutate()
        }}
      >
        {of.status === 'unmapped' && <p>{t('web.import.unmapped')}</p>}
        <ProblemAlert error={map.error} />
        <ColumnsTable
          of={of}
          fields={values.fields}
          onChange={(column, field) => setValues((v) => ({ ...v, fields: { ...v.fields, [column]: field } }))}
        />
        <FixedValues of={of} values={values} onChange={(change) => setValues((v) => ({ ...v, ...change }))} />
        <div className="row" style={{ alignItems: 'end' }}>
          {of.target === 'registrations' && (
            <>
              <TextInput
                label={t('web.import.keep-as')}
                description={t('web.import.keep-how')}
                maxLength={100}
                value={values.name}
                onChange={(e) => {
                  const name = e.currentTarget.value
                  setValues((v) => ({ ...v, name }))
                }}
                list="kept-mappings"
              />
              <datalist id="kept-mappings">
                {kept.map((k) => (
                  <option key={k.id} value={k.name} />
                ))}
              </datalist>
            </>
          )}
          <Button type="submit" loading={map.isPending}>
            {t('web.import.map')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

type FileColumn = Schema['ImportColumn']
type ColumnsProps = { of: Import; fields: Values['fields']; onChange: (column: number, field: Field | '') => void }

function ColumnsTable({ of, fields, onChange }: ColumnsProps) {
  const { t, word, number } = useI18n()
  const options = useMemo(
    () => [
      { value: '', label: t('web.import.field.none') },
      ...fieldsOf(of).map((f) => ({ value: f, label: word('web.import.field.', f) })),
    ],
    [t, word, of],
  )
  const columns: Column<FileColumn>[] = [
    { id: 'column', header: t('web.import.column'), num: true, cell: (c) => number(c.column) },
    {
      id: 'heading',
      header: t('web.import.heading'),
      cell: (c) => (
        <b>
          <bdi>{c.heading}</bdi>
        </b>
      ),
    },
    {
      id: 'samples',
      header: t('web.import.samples'),
      cell: (c) => (
        <span className="soft">
          {c.samples.map((s, i) => (
            <span key={i}>
              {i > 0 && ' · '}
              <bdi>{s}</bdi>
            </span>
          ))}
        </span>
      ),
    },
    {
      id: 'field',
      header: t('web.import.field'),
      cell: (c) => (
        <NativeSelect
          size="xs"
          aria-label={t('web.import.field-of', { Heading: c.heading || number(c.column) })}
          disabled={!c.heading}
          value={fields[c.column] ?? ''}
          onChange={(e) => onChange(c.column, e.currentTarget.value as Field | '')}
          data={options}
          description={c.why}
        />
      ),
    },
  ]
  return (
    <DataTable
      columns={columns}
      rows={of.columns}
      rowId={(c) => String(c.column)}
      caption={t('web.import.columns')}
      empty=""
    />
  )
}

type FixedProps = { of: Import; values: Values; onChange: (change: Partial<Values>) => void }

function FixedValues({ of, values, onChange }: FixedProps) {
  const { t } = useI18n()
  const set = (field: Fixed, value: string) => onChange({ fixed: { ...values.fixed, [field]: value } })
  return (
    <fieldset className="fieldset stack">
      <legend>{t('web.import.for-all')}</legend>
      <div className="row" style={{ alignItems: 'end' }}>
        <OfTarget of={of} fixed={values.fixed} set={set} />
        <NativeSelect
          label={t('web.import.day-order')}
          value={values.order}
          onChange={(e) => onChange({ order: e.currentTarget.value })}
          data={[
            { value: '', label: t('web.import.day-order.unsaid') },
            { value: 'day-first', label: t('web.import.day-order.day-first') },
            { value: 'month-first', label: t('web.import.day-order.month-first') },
          ]}
        />
        <NumberInput
          label={t('web.import.heading-row')}
          min={1}
          max={50}
          allowDecimal={false}
          value={values.row}
          onChange={(n) => onChange({ row: typeof n === 'number' ? n : '' })}
        />
      </div>
    </fieldset>
  )
}

type OfTargetProps = { of: Import; fixed: Values['fixed']; set: (field: Fixed, value: string) => void }

/** What may be said for all rows differs with what they become. */
function OfTarget({ of, fixed, set }: OfTargetProps) {
  const { t, word } = useI18n()
  const choice = (
    field: Fixed,
    words: readonly string[],
    prefix: 'basis.' | 'clearance.right.' | 'member.category.',
  ) => (
    <NativeSelect
      label={word('web.import.field.', field)}
      value={fixed[field]}
      onChange={(e) => set(field, e.currentTarget.value)}
      data={[
        { value: '', label: t('web.import.as-in-file') },
        ...words.map((k) => ({ value: k, label: word(prefix, k) })),
      ]}
    />
  )
  const text = (field: Fixed, most: number) => (
    <TextInput
      label={word('web.import.field.', field)}
      maxLength={most}
      value={fixed[field]}
      onChange={(e) => set(field, most === 2 ? e.currentTarget.value.toUpperCase() : e.currentTarget.value)}
    />
  )
  if (of.target === 'members') return choice('category', MEMBER_CATEGORIES, 'member.category.')
  if (of.target === 'earlier-marks') {
    return (
      <>
        {text('office', 2)}
        {choice('kind', MARK_KINDS, 'clearance.right.')}
      </>
    )
  }
  return (
    <>
      {text('office', 2)}
      {choice('basisKind', KINDS, 'basis.')}
      {text('nameLanguage', 35)}
      {text('source', 500)}
    </>
  )
}
