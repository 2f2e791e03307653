import { Button, Checkbox, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'

type Rule = Schema['ReminderRule']
type Channel = Schema['ReminderChannel']
const CHANNELS: Channel[] = ['in-app', 'e-mail', 'webhook']

const ruleQuery = {
  queryKey: ['reminder-rule'],
  queryFn: () => body(api.GET('/api/v1/reminder-rule')),
}
const troubleQuery = {
  queryKey: ['reminder-rule', 'trouble'],
  queryFn: () => body(api.GET('/api/v1/reminders', { params: { query: { limit: 5, status: 'refused' } } })),
}
const changed = () => queryClient.invalidateQueries({ queryKey: ['reminder-rule'] })

/** How one is told of last days in recognition cases. */
export function RemindersPanel() {
  const { t } = useI18n()
  const session = useSession()
  const reads = may(session, 'reminder-rule:read')
  const { data, error } = useQuery({ ...ruleQuery, enabled: reads })
  if (!reads) return null
  return (
    <Panel title={t('web.reminders.title')}>
      <ProblemAlert error={error} />
      {data && (
        <div className="stack">
          {!data.mail && <p>{t('web.reminders.no-mail')}</p>}
          {data.allowed.includes('choose') && data.mail && <Mine of={data} />}
          {data.allowed.includes('update') ? <RuleForm key={data.etag} of={data} /> : <Told of={data} />}
          {may(session, 'reminder:read') && <Trouble />}
        </div>
      )}
    </Panel>
  )
}

function Told({ of: r }: { of: Rule }) {
  const { t, word, number } = useI18n()
  return (
    <p className="soft">
      {t('web.reminders.days')}: {r.days.map((d) => number(d)).join(', ') || '—'} ·{' '}
      {r.channels.map((c) => word('web.reminders.channel.', c)).join(', ') || '—'}
    </p>
  )
}

function Mine({ of: r }: { of: Rule }) {
  const { t } = useI18n()
  const choose = useMutation({
    mutationFn: (mail: boolean) => body(api.PUT('/api/v1/session/reminders', { body: { mail } })),
    onSuccess: changed,
  })
  return (
    <>
      <ProblemAlert error={choose.error} />
      <Checkbox
        label={t('web.reminders.mine')}
        checked={r.mine}
        disabled={choose.isPending}
        onChange={(e) => choose.mutate(e.currentTarget.checked)}
      />
    </>
  )
}

function RuleForm({ of: r }: { of: Rule }) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { days: r.days.join(', '), channels: r.channels } })
  const run = useMutation({
    mutationFn: ({ days, channels }: typeof form.values) =>
      body(
        api.PUT('/api/v1/reminder-rule', {
          params: { header: { 'If-Match': r.etag } },
          body: {
            days: days
              .split(/[\s,،，]+/)
              .filter(Boolean)
              .map(Number),
            channels,
          },
        }),
      ),
    onSuccess: async () => {
      done(t('web.reminders.kept'))
      await changed()
    },
    onError: atFields(form),
  })
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <TextInput
        label={t('web.reminders.days')}
        description={t('web.reminders.days-why')}
        {...form.getInputProps('days')}
      />
      <Checkbox.Group label={t('web.reminders.channels')} {...form.getInputProps('channels')}>
        <div className="row">
          {CHANNELS.map((c) => (
            <Checkbox
              key={c}
              value={c}
              label={word('web.reminders.channel.', c)}
              disabled={c === 'e-mail' && !r.mail}
            />
          ))}
        </div>
      </Checkbox.Group>
      <div>
        <Button type="submit" loading={run.isPending}>
          {t('web.reminders.keep')}
        </Button>
      </div>
    </form>
  )
}

/** Mail that a server did not take: somebody has to put an address right. */
function Trouble() {
  const { t } = useI18n()
  const { data } = useQuery(troubleQuery)
  if (!data || data.items.length === 0) return null
  return (
    <div>
      <p>{t('web.reminders.refused')}</p>
      <ul className="plain">
        {data.items.map((m) => (
          <li key={m.id} className="small">
            <Tag tone="bad">
              <bdi>{m.person}</bdi>
            </Tag>{' '}
            <bdi>{m.answer}</bdi>
          </li>
        ))}
      </ul>
    </div>
  )
}
