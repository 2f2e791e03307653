import { Alert, NativeSelect, NumberInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { may, useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Application, type Score, STANDS, type Stand, score, scoresQuery } from './applications'
import { type Call, changed, type Programme } from './calls'

type Props = { of: Application; programme: Programme; member: boolean }

/** What the committee says of an application. A member says its own first, and sees what the others said then. */
export function ScorePanel({ of: a, programme: p, member }: Props) {
  const { t } = useI18n()
  const session = useSession()
  const { data, error } = useQuery({ ...scoresQuery(a.id), enabled: may(session, 'promotion-score:read') })
  const own = data?.find((s) => s.personId === session.personId)
  const scoring = member && (p.status === 'open' || p.status === 'closed') && may(session, 'promotion-score:give')
  return (
    <Panel title={t('web.promotion.scores')}>
      <div className="stack">
        <ProblemAlert error={error} />
        {scoring && data && own?.stand !== 'conflict' && (
          <ScoreForm key={own?.scoredAt ?? ''} of={a} call={p.call} own={own} />
        )}
        {own?.stand === 'conflict' && (
          <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
            {t('web.promotion.conflict-stays')}
          </Alert>
        )}
        {data?.length === 0 && !scoring && <p className="soft">{t('web.promotion.scores-none')}</p>}
        {(own || !scoring) && (
          <ul className="list">
            {data?.map((s) => (
              <Line key={s.id} of={s} call={p.call} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  )
}

const TONE = { scored: 'ok', abstained: 'plain', conflict: 'warn' } as const

function Line({ of: s, call }: { of: Score; call: Call }) {
  const { word, text, number } = useI18n()
  const points = s.points ?? {}
  return (
    <li>
      <bdi>{s.personName}</bdi>
      <span className="end">
        <Tag tone={TONE[s.stand]}>{word('promotion.stand.', s.stand)}</Tag>
      </span>
      {s.stand === 'scored' && (
        <span className="sub">
          {call.criteria.map((c) => `${text(c.names)} ${number(points[c.code] ?? 0)}`).join(' · ')}
        </span>
      )}
      {s.note && (
        <span className="sub" dir="auto">
          {s.note}
        </span>
      )}
    </li>
  )
}

function ScoreForm({ of: a, call, own }: { of: Application; call: Call; own?: Score }) {
  const { t, word, text } = useI18n()
  const form = useForm({
    initialValues: {
      stand: (own?.stand ?? 'scored') as Stand,
      points: Object.fromEntries(call.criteria.map((c) => [c.code, own?.points?.[c.code] ?? ''])) as Record<
        string,
        number | string
      >,
      note: own?.note ?? '',
    },
    validate: (v) => {
      const errors: Record<string, string> = {}
      if (v.stand !== 'scored' && !v.note.trim()) errors.note = t('web.members.needed')
      for (const [code, n] of Object.entries(v.points))
        if (v.stand === 'scored' && n === '') errors[`points.${code}`] = t('web.members.needed')
      return errors
    },
  })
  const run = useMutation({
    mutationFn: ({ stand, points, note }: typeof form.values) =>
      score({
        applicationId: a.id,
        stand,
        ...(stand === 'scored' && {
          points: Object.fromEntries(Object.entries(points).map(([code, n]) => [code, Number(n)])),
        }),
        ...(note.trim() && { note }),
      }),
    onSuccess: async () => {
      done(t('web.saved'))
      await changed()
    },
  })
  useRefusalAtFields(form, run.error)
  const { stand } = form.values
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <NativeSelect
        label={t('web.promotion.stand')}
        data={STANDS.map((value) => ({ value, label: word('promotion.stand.', value) }))}
        {...form.getInputProps('stand')}
      />
      {stand === 'scored' &&
        call.criteria.map((c) => (
          <NumberInput
            key={c.code}
            required
            min={0}
            max={100}
            allowDecimal={false}
            label={t('web.promotion.points-of', { Name: text(c.names) })}
            {...form.getInputProps(`points.${c.code}`)}
          />
        ))}
      <Textarea
        autosize
        required={stand !== 'scored'}
        maxLength={2000}
        label={t(stand === 'scored' ? 'web.promotion.note' : 'web.promotion.reason')}
        {...form.getInputProps('note')}
      />
      {stand === 'conflict' && <p className="soft small">{t('web.promotion.conflict-note')}</p>}
      <FormButtons submit={t('web.save')} busy={run.isPending} />
    </form>
  )
}
