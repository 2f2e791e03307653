import { Alert, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Refusal } from '../../api/problem'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { usePapers } from './Papers'
import {
  type Act,
  type Authorisation,
  asks,
  changed,
  type Deed,
  type Fact,
  GROUNDS,
  type Ground,
  historyQuery,
  perform,
} from './queries'

type Props = { authorisation: Authorisation; etag: string; act: Act; ground?: Ground; onClose: () => void }
type Values = Record<Fact, string> & { happenedOn: string }

/** The facts that belong to an act: its day, the decision, why, and the days that follow from it. */
export function ActDialog({ authorisation: a, etag, act, ground, onClose }: Props) {
  const { t, word } = useI18n()
  const name = word('mark-authorisation.act.', act)
  const papers = usePapers()
  const form = useForm<Values>({
    initialValues: { happenedOn: today(), reference: '', reason: '', ground: ground ?? '', dueOn: '', appealUntil: '' },
  })
  const run = useMutation({
    mutationFn: (v: Values) => perform(a.id, etag, act, { ...deed(v), ...papers.input }),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: name }))
      onClose()
    },
    // The dialog waits for the new state: what is done all the same is done on that.
    onError: async (e) => {
      if (e instanceof Refusal && e.stale) await changed()
    },
  })
  useRefusalAtFields(form, run.error)
  const stale = run.error instanceof Refusal && run.error.stale
  const ends = asks(act).ends ?? false
  return (
    <Modal opened size="lg" onClose={onClose} title={name}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        {stale ? (
          <Overtaken authorisation={a} act={act} />
        ) : (
          <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        )}
        <Facts act={act} form={form} />
        {papers.field}
        <FormButtons
          submit={stale ? t('web.special-marks.all-the-same', { Name: name }) : name}
          onCancel={onClose}
          busy={run.isPending}
          danger={ends}
          disabled={stale && !a.allowed.includes(act)}
        />
      </form>
    </Modal>
  )
}

const deed = ({ happenedOn, ground, ...rest }: Values): Deed => ({
  happenedOn,
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')),
  ...(ground && { ground: ground as Ground }),
})

function Facts({ act, form }: { act: Act; form: UseFormReturnType<Values> }) {
  const { t, word } = useI18n()
  const { must = [], may = [] } = asks(act)
  const ordered = form.values.ground !== '' && GROUNDS[form.values.ground as Ground]?.ordered
  const takes = (fact: Fact) => must.includes(fact) || may.includes(fact)
  return (
    <>
      {takes('ground') && (
        <NativeSelect
          required
          label={t('web.special-marks.ground')}
          data={[
            { value: '', label: t('web.choose') },
            ...Object.keys(GROUNDS).map((value) => ({ value, label: word('mark-authorisation.ground.', value) })),
          ]}
          {...form.getInputProps('ground')}
        />
      )}
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput required type="date" label={t('web.special-marks.day')} {...form.getInputProps('happenedOn')} />
        {takes('dueOn') && (
          <TextInput
            type="date"
            required={must.includes('dueOn')}
            label={t(act === 'announce' ? 'web.special-marks.objections-until' : 'web.special-marks.due-on')}
            {...form.getInputProps('dueOn')}
          />
        )}
        {(takes('appealUntil') || ordered) && (
          <TextInput
            required
            type="date"
            label={t('web.special-marks.appeal-until')}
            {...form.getInputProps('appealUntil')}
          />
        )}
      </div>
      <TextInput
        required={must.includes('reference')}
        maxLength={100}
        label={t('web.special-marks.reference')}
        description={t('web.special-marks.reference-how')}
        {...form.getInputProps('reference')}
      />
      <Textarea
        required={must.includes('reason')}
        autosize
        minRows={2}
        maxLength={2000}
        dir="auto"
        label={t(act === 'report' || act === 'verify' ? 'web.special-marks.findings' : 'web.act.reason')}
        {...form.getInputProps('reason')}
      />
    </>
  )
}

/** Somebody else acted in the meantime: what, and whether ours can be done all the same. What was written stays. */
function Overtaken({ authorisation: a, act }: { authorisation: Authorisation; act: Act }) {
  const { t, word, instant } = useI18n()
  const { data } = useQuery(historyQuery(a.id))
  const last = data?.at(-1)
  return (
    <Alert
      color="yellow"
      variant="light"
      role="alert"
      title={t('web.conflict.title')}
      styles={{ title: { color: 'var(--ink-900)' }, message: { color: 'var(--ink-900)' } }}
    >
      {last && (
        <p>
          {t('web.special-marks.overtaken', {
            Name: last.recordedName,
            When: instant(last.recordedAt),
            Act: word('mark-authorisation.act.', last.act),
            Status: word('mark-authorisation.status.', last.toStatus),
          })}
        </p>
      )}
      <p>{t(a.allowed.includes(act) ? 'web.special-marks.still-possible' : 'web.special-marks.no-longer-possible')}</p>
    </Alert>
  )
}
