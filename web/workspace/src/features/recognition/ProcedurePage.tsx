import { Checkbox, MultiSelect, NativeSelect, NumberInput, Skeleton, TagsInput, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { TextsField } from '../../ui/Texts'
import {
  changed,
  type Ground,
  instrumentQuery,
  type Period,
  type Procedure,
  type ProcedureVersion,
  procedureQuery,
  type Step,
  updateProcedure,
} from './queries'

const route = getRouteApi('/house/instruments/$id/procedure')
type Values = { steps: Step[]; periods: Period[]; grounds: Ground[] }
type Form = UseFormReturnType<Values>

/** The procedure of an instrument as data that an officer adapts; what is kept is a new version. */
export function ProcedurePage() {
  const { t, text } = useI18n()
  const { id } = route.useParams()
  const instrument = useQuery(instrumentQuery(id))
  const procedure = useQuery(procedureQuery(id))
  const error = instrument.error ?? procedure.error
  return (
    <>
      <PageHead
        title={t('web.procedure.adapt')}
        lead={instrument.data && text(instrument.data.record.titles)}
        crumb={
          <Link to="/instruments/$id" params={{ id }} className="crumb">
            <Back>{t('web.procedure.back')}</Back>
          </Link>
        }
      />
      <ProblemAlert error={error} />
      {!error &&
        (instrument.data && procedure.data ? (
          <Editor id={id} etag={instrument.data.record.etag} of={procedure.data} />
        ) : (
          <Skeleton h={420} radius={14} />
        ))}
    </>
  )
}

function Editor({ id, etag, of: v }: { id: string; etag: string; of: ProcedureVersion }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const back = () => navigate({ to: '/instruments/$id', params: { id } })
  const form: Form = useForm({ initialValues: { ...v.procedure } })
  const save = useMutation({
    mutationFn: (values: Values) => updateProcedure(id, etag, kept(v.procedure, values)),
    onSuccess: async () => {
      await changed('instruments')
      await back()
    },
  })
  useRefusalAtFields(form, save.error)
  const acts = v.sides.map((s) => s.act)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <ProblemAlert error={save.error} placed={Object.keys(form.errors)} />
      <p className="soft">{t('web.procedure.versions-why')}</p>
      <Panel title={t('web.procedure.steps')}>
        <StepRows form={form} acts={acts} />
      </Panel>
      <Panel title={t('web.procedure.periods')}>
        <PeriodRows form={form} acts={acts} calendars={calendarsOf(v)} />
      </Panel>
      <Panel title={t('web.procedure.grounds')}>
        <GroundRows form={form} />
      </Panel>
      <FormButtons submit={t('web.save')} onCancel={() => void back()} busy={save.isPending} />
    </form>
  )
}

const calendarsOf = (v: ProcedureVersion) => [...v.calendars, ...(v.procedure.calendars ?? []).map((c) => c.code)]

/** What is sent: the calendars of the version before stay, and no silence is left out. */
function kept(before: Procedure, values: Values): Procedure {
  const periods = values.periods.map(({ silence, ...p }) => ({ ...p, ...(silence && { silence }) }))
  return { ...before, ...values, periods }
}

type RowsProps = { form: Form; acts: string[] }

function useActs(acts: string[]) {
  const { word } = useI18n()
  return acts.map((value) => ({ value, label: word('case.act.', value) }))
}

function BasisFields({ form, path }: { form: Form; path: string }) {
  const { t } = useI18n()
  return (
    <div className="row" style={{ alignItems: 'end' }}>
      <TextInput
        style={{ flex: '1 1 260px' }}
        label={t('web.procedure.basis')}
        {...form.getInputProps(`${path}.basis.citation`)}
      />
      <Checkbox
        label={t('web.procedure.verified')}
        {...form.getInputProps(`${path}.basis.verified`, { type: 'checkbox' })}
      />
    </div>
  )
}

function StepRows({ form, acts }: RowsProps) {
  const { t } = useI18n()
  const data = useActs(acts)
  return (
    <Rows
      title={t('web.procedure.steps')}
      rows={form.values.steps}
      add={() => form.insertListItem('steps', { act: 'receive', documents: [], basis: { verified: false } })}
      remove={(i) => form.removeListItem('steps', i)}
    >
      {(step, i) => (
        <div className="stack tight" data-path={`steps.${i}.act`}>
          <NativeSelect label={t('web.procedure.step')} data={data} {...form.getInputProps(`steps.${i}.act`)} />
          <BasisFields form={form} path={`steps.${i}`} />
          <Rows
            title={t('web.procedure.documents')}
            rows={step.documents ?? []}
            add={() => form.setFieldValue(`steps.${i}.documents`, [...(step.documents ?? []), { kind: '' }])}
            remove={(n) => form.removeListItem(`steps.${i}.documents`, n)}
          >
            {(_, n) => (
              <div className="row">
                <TextInput
                  label={t('web.case.document-kind')}
                  {...form.getInputProps(`steps.${i}.documents.${n}.kind`)}
                />
                <TagsInput
                  label={t('web.procedure.languages')}
                  {...form.getInputProps(`steps.${i}.documents.${n}.languages`)}
                />
              </div>
            )}
          </Rows>
        </div>
      )}
    </Rows>
  )
}

const UNITS = ['day', 'working-day', 'month', 'year'] as const
const DAYS = ['event', 'effective', 'receipt', 'dispatch'] as const

function PeriodRows({ form, acts, calendars }: RowsProps & { calendars: string[] }) {
  const { t, word } = useI18n()
  const data = useActs(acts)
  return (
    <Rows
      title={t('web.procedure.periods')}
      rows={form.values.periods}
      add={() =>
        form.insertListItem('periods', {
          code: '',
          titles: {},
          starts: ['receive'],
          from: 'event',
          length: { count: 3, unit: 'month' },
          calendar: calendars[0] ?? '',
          rolls: true,
          side: 'destination',
          ends: [],
          pauses: true,
          basis: { verified: false },
        })
      }
      remove={(i) => form.removeListItem('periods', i)}
    >
      {(period, i) => {
        const at = `periods.${i}`
        return (
          <div className="stack tight" data-path={at}>
            <TextsField
              label={t('web.instrument.title')}
              path={`${at}.titles`}
              errors={form.errors}
              value={period.titles ?? {}}
              onChange={(v) => form.setFieldValue(`${at}.titles`, v)}
            />
            <div className="row" style={{ alignItems: 'end' }}>
              <TextInput label={t('web.registration.code')} {...form.getInputProps(`${at}.code`)} />
              <NumberInput
                w={110}
                min={1}
                label={t('web.procedure.length')}
                {...form.getInputProps(`${at}.length.count`)}
                error={form.errors[`${at}.length`]}
              />
              <NativeSelect
                aria-label={t('web.procedure.length')}
                data={UNITS.map((value) => ({ value, label: word('web.procedure.unit.', value) }))}
                {...form.getInputProps(`${at}.length.unit`)}
              />
              <NativeSelect
                label={t('web.procedure.calendar')}
                data={calendars}
                {...form.getInputProps(`${at}.calendar`)}
              />
              <NativeSelect
                label={t('web.procedure.who')}
                data={(['origin', 'destination'] as const).map((value) => ({
                  value,
                  label: word('case.side.', value),
                }))}
                {...form.getInputProps(`${at}.side`)}
              />
            </div>
            <div className="row" style={{ alignItems: 'end' }}>
              <ActsField label={t('web.procedure.begins')} form={form} path={`${at}.starts`} data={data} />
              <NativeSelect
                label={t('web.procedure.from-day')}
                data={DAYS.map((value) => ({ value, label: word('web.procedure.day.', value) }))}
                {...form.getInputProps(`${at}.from`)}
              />
              <ActsField label={t('web.procedure.met-by')} form={form} path={`${at}.ends`} data={data} />
              <NativeSelect
                label={t('web.procedure.silence')}
                data={[{ value: '', label: t('web.procedure.nothing') }, ...data]}
                {...form.getInputProps(`${at}.silence`)}
              />
            </div>
            <div className="row">
              <Checkbox label={t('web.procedure.rolls')} {...form.getInputProps(`${at}.rolls`, { type: 'checkbox' })} />
              <Checkbox
                label={t('web.procedure.pauses')}
                {...form.getInputProps(`${at}.pauses`, { type: 'checkbox' })}
              />
            </div>
            <BasisFields form={form} path={at} />
          </div>
        )
      }}
    </Rows>
  )
}

type ActsProps = { label: string; form: Form; path: string; data: { value: string; label: string }[] }

/** Acts, one or several. */
function ActsField({ label, form, path, data }: ActsProps) {
  return <MultiSelect searchable label={label} data={data} {...form.getInputProps(path)} />
}

function GroundRows({ form }: { form: Form }) {
  const { t, word } = useI18n()
  return (
    <Rows
      title={t('web.procedure.grounds')}
      rows={form.values.grounds}
      add={() =>
        form.insertListItem('grounds', { code: '', titles: {}, of: ['opposition'], basis: { verified: false } })
      }
      remove={(i) => form.removeListItem('grounds', i)}
    >
      {(ground, i) => (
        <div className="stack tight">
          <TextsField
            label={t('web.instrument.title')}
            path={`grounds.${i}.titles`}
            errors={form.errors}
            value={ground.titles ?? {}}
            onChange={(v) => form.setFieldValue(`grounds.${i}.titles`, v)}
          />
          <div className="row" style={{ alignItems: 'end' }}>
            <TextInput label={t('web.registration.code')} {...form.getInputProps(`grounds.${i}.code`)} />
            <MultiSelect
              label={t('web.procedure.of')}
              data={(['opposition', 'refusal'] as const).map((value) => ({
                value,
                label: word('web.procedure.ground.', value),
              }))}
              {...form.getInputProps(`grounds.${i}.of`)}
            />
          </div>
          <BasisFields form={form} path={`grounds.${i}`} />
        </div>
      )}
    </Rows>
  )
}
