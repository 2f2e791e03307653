import { Modal, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { HolderSelect } from './HolderSelect'
import {
  type Batch,
  type Doing,
  type Fact,
  type Holding,
  MOVES,
  type Move,
  type MoveInput,
  move,
  rangesQuery,
} from './ledger'
import { usePapers } from './Papers'
import { changed } from './queries'
import { last } from './ranges'
import { usePlaceName } from './usePlaceName'

type Values = Record<Exclude<Fact, 'packages' | 'weightG'>, string> & {
  first: number | ''
  count: number | ''
  packages: number | ''
  weightG: number | ''
  happenedOn: string
}
type Props = { batch: Batch; act: Doing; corrects?: Move; onClose: () => void }

/** Moves numbers of a batch from where they are, with what belongs to the move. */
export function MoveDialog(props: Props) {
  const { word } = useI18n()
  const { batch, act, onClose } = props
  const { data, error } = useQuery(rangesQuery(batch.id))
  const from = (data?.all ?? []).filter((h) => MOVES[act].from.some((kind) => kind === h.place.kind))
  return (
    <Modal opened size="lg" onClose={onClose} title={word('mark-batch.act.', act)}>
      <ProblemAlert error={error} />
      {data && <MoveForm {...props} from={from} warehouse={warehouseIn(data.all)} />}
    </Modal>
  )
}

const warehouseIn = (all: Holding[]) => all.find((h) => h.place.kind === 'stock')?.place.name ?? ''
/** Kilograms as they are typed, grams as they are sent. */
const GRAMS = 1000

function MoveForm({ batch, act, corrects, from, warehouse, onClose }: Props & { from: Holding[]; warehouse: string }) {
  const { t, word } = useI18n()
  const name = word('mark-batch.act.', act)
  const papers = usePapers()
  const range = corrects ?? from[0]
  const form = useForm<Values>({
    initialValues: {
      first: range?.first ?? '',
      count: range?.count ?? '',
      happenedOn: today(),
      reference: '',
      warehouse,
      authorisationId: batch.authorisationId ?? '',
      lot: '',
      packages: '',
      weightG: '',
      destination: '',
      reason: '',
      witnesses: '',
    },
    validate: {
      first: (n) => (n === '' ? t('web.batches.numbers-needed') : null),
      count: (n) => (n === '' ? t('web.batches.numbers-needed') : null),
    },
  })
  const run = useMutation({
    mutationFn: (v: Values) =>
      move(batch.id, act, { ...said(act, v), ...papers.input, ...(corrects && { moveId: corrects.id }) }),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: name }))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      {corrects && <p className="soft">{t('web.batches.correct-how')}</p>}
      {from.length > 0 && !corrects && <FromSelect from={from} form={form} />}
      <NumbersFields form={form} />
      <FactFields act={act} batch={batch} form={form} />
      {papers.field}
      <FormButtons submit={name} onCancel={onClose} busy={run.isPending} danger={MOVES[act].ends} />
    </form>
  )
}

/** What is sent: the facts that the act asks for, as far as they were said. */
function said(act: Doing, v: Values): MoveInput {
  const { must = [], may = [] } = MOVES[act]
  const given = Object.fromEntries(
    [...must, ...may].flatMap((fact): [string, unknown][] => {
      if (v[fact] === '') return []
      if (fact === 'weightG') return [[fact, Math.round(Number(v.weightG) * GRAMS)]]
      if (fact === 'packages') return [[fact, Number(v.packages)]]
      if (fact === 'witnesses')
        return [
          [
            fact,
            v.witnesses
              .split('\n')
              .map((w) => w.trim())
              .filter(Boolean),
          ],
        ]
      return [[fact, v[fact]]]
    }),
  )
  return { first: Number(v.first), count: Number(v.count), happenedOn: v.happenedOn, ...given }
}

type Form = UseFormReturnType<Values>

/** The ranges that the act can take marks from; choosing one fills in its numbers. */
function FromSelect({ from, form }: { from: Holding[]; form: Form }) {
  const { t, number } = useI18n()
  const place = usePlaceName()
  const inside = from.findIndex((h) => Number(form.values.first) >= h.first && Number(form.values.first) <= last(h))
  return (
    <NativeSelect
      label={t('web.batches.from-where')}
      value={String(inside)}
      onChange={(e) => {
        const h = from[Number(e.currentTarget.value)]
        if (h) form.setValues({ first: h.first, count: h.count })
      }}
      data={[
        ...(inside < 0 ? [{ value: '-1', label: t('web.choose') }] : []),
        ...from.map((h, i) => ({
          value: String(i),
          // Isolated, else a text from right to left turns the range round.
          label: `\u2066${number(h.first)}–${number(last(h))}\u2069 · ${place(h.place)}`,
        })),
      ]}
    />
  )
}

function NumbersFields({ form }: { form: Form }) {
  const { t, number } = useI18n()
  const { first, count } = form.values
  return (
    <div className="row" style={{ alignItems: 'start' }}>
      <NumberInput
        required
        w={160}
        min={0}
        allowDecimal={false}
        label={t('web.batches.first')}
        {...form.getInputProps('first')}
      />
      <NumberInput
        required
        w={160}
        min={1}
        allowDecimal={false}
        label={t('web.batches.how-many')}
        description={first !== '' && count !== '' && t('web.batches.up-to', { Number: number(last({ first, count })) })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        {...form.getInputProps('count')}
      />
      <TextInput required type="date" label={t('web.special-marks.day')} {...form.getInputProps('happenedOn')} />
    </div>
  )
}

function FactFields({ act, batch, form }: { act: Doing; batch: Batch; form: Form }) {
  const { t } = useI18n()
  const { must = [], may = [] } = MOVES[act]
  const takes = (fact: Fact) => must.includes(fact) || may.includes(fact)
  const field = (fact: Fact) => ({ required: must.includes(fact), ...form.getInputProps(fact) })
  return (
    <>
      {takes('authorisationId') && (
        <HolderSelect
          required
          label={t('web.special-marks.holder')}
          description={t('web.batches.holder-how')}
          registrationId={batch.registrationId}
          value={form.values.authorisationId}
          error={form.errors.authorisationId}
          onChange={(id) => form.setFieldValue('authorisationId', id)}
        />
      )}
      {takes('lot') && (
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput maxLength={100} label={t('web.batches.lot')} {...field('lot')} />
          <NumberInput w={140} min={0} allowDecimal={false} label={t('web.batches.packages')} {...field('packages')} />
          <NumberInput w={160} min={0} decimalScale={3} label={t('web.batches.weight')} {...field('weightG')} />
          <TextInput maxLength={200} dir="auto" label={t('web.batches.destination')} {...field('destination')} />
        </div>
      )}
      <div className="row" style={{ alignItems: 'start' }}>
        {takes('reference') && (
          <TextInput
            w={260}
            maxLength={100}
            label={t(act === 'print' ? 'web.batches.proof' : 'web.special-marks.reference')}
            {...field('reference')}
          />
        )}
        {takes('warehouse') && (
          <TextInput w={260} maxLength={100} dir="auto" label={t('web.batches.warehouse')} {...field('warehouse')} />
        )}
      </div>
      {takes('witnesses') && (
        <Textarea
          autosize
          minRows={2}
          maxLength={2000}
          dir="auto"
          label={t('web.batches.witnesses')}
          description={t('web.batches.witnesses-how')}
          {...field('witnesses')}
        />
      )}
      {takes('reason') && (
        <Textarea autosize minRows={2} maxLength={2000} dir="auto" label={t('web.act.reason')} {...field('reason')} />
      )}
    </>
  )
}
