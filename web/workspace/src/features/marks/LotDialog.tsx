import { Modal, NativeSelect, NumberInput, Skeleton, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Versioned } from '../../api/client'
import { Refusal } from '../../api/problem'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { today } from '../../ui/today'
import { HolderSelect } from './HolderSelect'
import { LotHistory } from './LotHistory'
import { correctLot, declareLot, type Lot, lotQuery } from './lots'
import { changed } from './queries'

type Props = { id?: string; authorisationId?: string; onClose: () => void }

/** A lot of a holder: a new one, or the correction of one with all that it said before. */
export function LotDialog({ id, authorisationId, onClose }: Props) {
  const { t } = useI18n()
  const { data, error } = useQuery({ ...lotQuery(id ?? ''), gcTime: 0 })
  return (
    <Modal opened size="lg" onClose={onClose} title={data?.record.number ?? t('web.lots.new')}>
      <ProblemAlert error={error} />
      {id && !data && !error && <Skeleton h={280} />}
      {(!id || data) && (
        <div className="stack">
          {(!data || data.record.allowed.includes('correct')) && (
            <LotForm key={data?.etag} opened={data} authorisationId={authorisationId} onClose={onClose} />
          )}
          {data && <LotHistory lot={data.record} />}
        </div>
      )}
    </Modal>
  )
}

type Plot = { name: string; area: { value: string; unit: 'mu' | 'hectare' } }
type Values = {
  authorisationId: string
  number: string
  harvest: number
  quantity: Lot['quantity']
  plots: Plot[]
  area: Plot['area']
  declaredBy: string
  declaredOn: string
  reason: string
}

const empty = { value: '', unit: 'mu' } as const
const valuesOf = (l?: Lot, authorisationId = ''): Values => ({
  authorisationId: l?.authorisationId ?? authorisationId,
  number: l?.number ?? '',
  harvest: l?.harvest ?? Number(today().slice(0, 4)),
  quantity: l?.quantity ?? { value: '', unit: 'kg' },
  plots: l?.plots ?? [],
  area: l?.area ?? empty,
  declaredBy: l?.declaredBy ?? '',
  declaredOn: l?.declaredOn ?? today(),
  reason: '',
})

/** What is sent of a form: an area only where no plots are named. */
const inputOf = ({ authorisationId, number, reason, area, plots, ...said }: Values) => ({
  ...said,
  plots,
  ...(plots.length === 0 && area.value && { area }),
})

type FormProps = { opened?: Versioned<Lot>; authorisationId?: string; onClose: () => void }

function LotForm({ opened, authorisationId, onClose }: FormProps) {
  const { t } = useI18n()
  const form = useForm<Values>({
    initialValues: valuesOf(opened?.record, authorisationId),
    validate: { authorisationId: (of) => (of ? null : t('web.lots.holder-needed')) },
  })
  const run = useMutation({
    mutationFn: (v: Values) =>
      opened
        ? correctLot(opened, { ...inputOf(v), reason: v.reason })
        : declareLot({ ...inputOf(v), authorisationId: v.authorisationId, number: v.number }),
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
      onClose()
    },
    onError: async (e) => {
      if (e instanceof Refusal && e.stale) await changed()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      {!opened && (
        <>
          <HolderSelect
            required
            label={t('web.special-marks.holder')}
            value={form.values.authorisationId}
            error={form.errors.authorisationId}
            onChange={(id) => form.setFieldValue('authorisationId', id)}
          />
          <TextInput
            required
            maxLength={100}
            dir="auto"
            label={t('web.lots.number')}
            description={t('web.lots.number-how')}
            {...form.getInputProps('number')}
          />
        </>
      )}
      <FactFields form={form} />
      {opened && (
        <Textarea
          required
          autosize
          minRows={2}
          maxLength={1000}
          dir="auto"
          label={t('web.act.reason')}
          description={t('web.lots.correct-how')}
          {...form.getInputProps('reason')}
        />
      )}
      <FormButtons submit={t(opened ? 'web.lots.correct' : 'web.save')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}

function FactFields({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useI18n()
  const units = (['mu', 'hectare'] as const).map((value) => ({ value, label: t(`web.lots.unit-${value}`) }))
  return (
    <>
      <div className="row" style={{ alignItems: 'start' }}>
        <NumberInput
          required
          w={140}
          min={1900}
          max={2200}
          allowDecimal={false}
          thousandSeparator=""
          label={t('web.lots.harvest')}
          {...form.getInputProps('harvest')}
        />
        <TextInput
          required
          w={160}
          inputMode="decimal"
          label={t('web.lots.quantity')}
          {...form.getInputProps('quantity.value')}
          error={form.getInputProps('quantity.value').error ?? form.getInputProps('quantity').error}
        />
        <NativeSelect
          label={t('web.lots.unit')}
          data={(['kg', 't'] as const).map((value) => ({ value, label: t(`web.lots.unit-${value}`) }))}
          {...form.getInputProps('quantity.unit')}
        />
      </div>
      <Rows
        title={t('web.lots.plots')}
        rows={form.values.plots}
        add={() => form.insertListItem('plots', { name: '', area: empty })}
        remove={(i) => form.removeListItem('plots', i)}
      >
        {(_, i) => (
          <div className="row" style={{ alignItems: 'start' }}>
            <TextInput
              required
              maxLength={200}
              dir="auto"
              label={t('web.lots.plot')}
              {...form.getInputProps(`plots.${i}.name`)}
            />
            <TextInput
              required
              w={110}
              inputMode="decimal"
              label={t('web.lots.area')}
              {...form.getInputProps(`plots.${i}.area.value`)}
              error={form.getInputProps(`plots.${i}.area.value`).error ?? form.getInputProps(`plots.${i}.area`).error}
            />
            <NativeSelect label={t('web.lots.unit')} data={units} {...form.getInputProps(`plots.${i}.area.unit`)} />
          </div>
        )}
      </Rows>
      {form.values.plots.length === 0 && (
        <div className="row" style={{ alignItems: 'end' }}>
          <TextInput
            w={200}
            inputMode="decimal"
            label={t('web.lots.area')}
            description={t('web.lots.area-how')}
            {...form.getInputProps('area.value')}
          />
          <NativeSelect label={t('web.lots.unit')} data={units} {...form.getInputProps('area.unit')} />
        </div>
      )}
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput
          required
          maxLength={200}
          dir="auto"
          label={t('web.lots.declared-by')}
          {...form.getInputProps('declaredBy')}
        />
        <TextInput required type="date" label={t('web.lots.declared-on')} {...form.getInputProps('declaredOn')} />
      </div>
    </>
  )
}
