import { Modal, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Refusal } from '../../api/problem'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { today } from '../../ui/today'
import { Differences } from './CountsPanel'
import { type Batch, type Holding, type Place, type PlaceKind, rangesQuery, takeStock } from './ledger'
import { changed } from './queries'
import { joined, type Numbers, without } from './ranges'
import { usePlaceName } from './usePlaceName'

/** Places where somebody can count: what is on goods, void, lost or destroyed lies in no shelf. */
const COUNTED: PlaceKind[] = ['stock', 'printed', 'issued', 'void']

type Shelf = { place: Place; booked: Numbers[] }
const keyOf = (p: Place) => [p.kind, p.name, p.authorisationId].join('/')

function shelves(all: Holding[]): Shelf[] {
  const found = new Map<string, Shelf>()
  for (const { place, first, count } of all) {
    if (!COUNTED.some((kind) => kind === place.kind)) continue
    const shelf = found.get(keyOf(place)) ?? { place, booked: [] }
    shelf.booked.push({ first, count })
    found.set(keyOf(place), shelf)
  }
  const rank = (s: Shelf) => COUNTED.indexOf(s.place.kind as PlaceKind)
  return [...found.values()].sort((a, b) => rank(a) - rank(b))
}

/** Stock-taking: what was counted in a place beside what the ledger has there. */
export function CountDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery(rangesQuery(batch.id))
  const all = shelves(data?.all ?? [])
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.counts.take')}>
      <ProblemAlert error={error} />
      {data && all.length === 0 && <p className="soft">{t('web.counts.nothing')}</p>}
      {data && !data.whole && <p className="soft">{t('web.counts.too-many')}</p>}
      {data && all[0] && <CountForm batch={batch} shelves={all} start={all[0]} onClose={onClose} />}
    </Modal>
  )
}

type Row = { first: number | ''; count: number | '' }
type Values = { place: string; counted: Row[]; countedOn: string; explanation: string; witnesses: string }
const UNEXPLAINED = 'mark-count.unexplained'

type Props = { batch: Batch; shelves: Shelf[]; start: Shelf; onClose: () => void }

function CountForm({ batch, shelves, start, onClose }: Props) {
  const { t } = useI18n()
  const place = usePlaceName()
  const form = useForm<Values>({
    initialValues: {
      place: keyOf(start.place),
      counted: start.booked,
      countedOn: today(),
      explanation: '',
      witnesses: '',
    },
  })
  const shelf = shelves.find((s) => keyOf(s.place) === form.values.place) ?? start
  const counted = form.values.counted.flatMap((r) =>
    r.first === '' || r.count === '' ? [] : [{ first: r.first, count: r.count }],
  )
  const run = useMutation({
    mutationFn: ({ countedOn, explanation, witnesses }: Values) =>
      takeStock(batch.id, {
        place: shelf.place.kind as PlaceKind,
        ...((shelf.place.name ?? shelf.place.authorisationId) && {
          name: shelf.place.name ?? shelf.place.authorisationId,
        }),
        countedOn,
        counted: joined(counted),
        ...(explanation && { explanation }),
        ...(witnesses.trim() && {
          witnesses: witnesses
            .split('\n')
            .map((w) => w.trim())
            .filter(Boolean),
        }),
      }),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: t('web.counts.take') }))
      onClose()
    },
    onError: (e) => {
      if (e instanceof Refusal && e.problem?.code === UNEXPLAINED) form.setErrors({ explanation: e.problem.title })
    },
  })
  const unexplained = run.error instanceof Refusal && run.error.problem?.code === UNEXPLAINED
  useRefusalAtFields(form, unexplained ? undefined : run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      {!unexplained && <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />}
      <NativeSelect
        label={t('web.counts.where')}
        value={form.values.place}
        onChange={(e) => {
          const chosen = shelves.find((s) => keyOf(s.place) === e.currentTarget.value)
          if (chosen) form.setValues({ place: keyOf(chosen.place), counted: chosen.booked })
        }}
        data={shelves.map((s) => ({ value: keyOf(s.place), label: place(s.place) }))}
      />
      <CountedRows form={form} />
      <Differences missing={without(shelf.booked, counted)} surplus={without(counted, shelf.booked)} />
      <Textarea
        autosize
        minRows={2}
        maxLength={2000}
        dir="auto"
        label={t('web.counts.explanation')}
        description={t('web.counts.explanation-how')}
        {...form.getInputProps('explanation')}
      />
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput required type="date" label={t('web.counts.on')} {...form.getInputProps('countedOn')} />
        <Textarea
          style={{ flex: '1 1 220px' }}
          autosize
          minRows={1}
          maxLength={2000}
          dir="auto"
          label={t('web.counts.who')}
          description={t('web.counts.who-how')}
          {...form.getInputProps('witnesses')}
        />
      </div>
      <FormButtons submit={t('web.counts.keep')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}

function CountedRows({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.counts.counted')}
      rows={form.values.counted}
      add={() => form.insertListItem('counted', { first: '', count: '' })}
      remove={(i) => form.removeListItem('counted', i)}
    >
      {(_, i) => (
        <div className="row" style={{ alignItems: 'start' }}>
          <NumberInput
            w={150}
            min={0}
            allowDecimal={false}
            label={t('web.batches.first')}
            {...form.getInputProps(`counted.${i}.first`)}
          />
          <NumberInput
            w={150}
            min={1}
            allowDecimal={false}
            label={t('web.batches.how-many')}
            {...form.getInputProps(`counted.${i}.count`)}
          />
        </div>
      )}
    </Rows>
  )
}
