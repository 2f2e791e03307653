import { Button, Modal, NativeSelect, Skeleton, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { OPPOSITION, type Opposition, oppose, oppositionQuery, oppositionsQuery } from './oppositions'
import { type Case, changed } from './queries'

/** Who opposes the name of a case, and what was said, ground by ground. */
export function OppositionsPanel({ of: c }: { of: Case }) {
  const { t, word, day } = useI18n()
  const { data, error } = useQuery(oppositionsQuery(c.id))
  const [shown, setShown] = useState<string>()
  return (
    <Panel title={t('web.oppositions.title')}>
      <ProblemAlert error={error} />
      {data?.items.length === 0 && <p className="soft small">{t('web.oppositions.none')}</p>}
      <ul className="list">
        {data?.items.map((o) => (
          <li key={o.id}>
            <span>
              <Button variant="subtle" size="compact-sm" onClick={() => setShown(o.id)}>
                <bdi>{o.number}</bdi>
              </Button>
              <div className="soft small">
                <bdi>{o.opponent}</bdi> · {o.receivedOn && day(o.receivedOn)}
              </div>
            </span>
            <Tag tone={OPPOSITION[o.state]}>{word('opposition.state.', o.state)}</Tag>
          </li>
        ))}
      </ul>
      {shown && <OppositionDialog id={shown} of={c} onClose={() => setShown(undefined)} />}
    </Panel>
  )
}

function OppositionDialog({ id, of: c, onClose }: { id: string; of: Case; onClose: () => void }) {
  const { t, word, text } = useI18n()
  const { data: o, error } = useQuery(oppositionQuery(id))
  const [act, setAct] = useState<string>()
  return (
    <Modal opened size="lg" onClose={onClose} title={o?.number ?? t('web.oppositions.title')}>
      <div className="stack">
        <ProblemAlert error={error} />
        {!o && !error && <Skeleton h={160} />}
        {o && <Said opposition={o} of={c} />}
        {o && !act && o.allowed.length > 0 && (
          <fieldset className="row">
            <legend>{t('web.opposition.acts')}</legend>
            {o.allowed.map((a) => (
              <Button key={a} variant="default" size="compact-md" onClick={() => setAct(a)}>
                {word('opposition.act.', a)}
              </Button>
            ))}
          </fieldset>
        )}
        {o && act && (
          <ActForm
            key={act}
            opposition={o}
            act={act}
            today={c.today}
            titleOf={(code) => text(groundTitles(c, code)) || code}
            onClose={() => setAct(undefined)}
          />
        )}
      </div>
    </Modal>
  )
}

const groundTitles = (c: Case, code: string) => c.procedure.grounds.find((g) => g.code === code)?.titles ?? {}

function Said({ opposition: o, of: c }: { opposition: Opposition; of: Case }) {
  const { t, word, text, day } = useI18n()
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{t('opposition.opponent')}</dt>
          <dd>
            <bdi>{o.opponent}</bdi>{' '}
            {o.capacity && <span className="soft">{word('opposition.capacity.', o.capacity)}</span>}
          </dd>
        </div>
        {o.email && (
          <div>
            <dt>{t('opposition.email')}</dt>
            <dd>
              <bdi>{o.email}</bdi>
            </dd>
          </div>
        )}
        {o.address && (
          <div>
            <dt>{t('opposition.address')}</dt>
            <dd dir="auto">{o.address}</dd>
          </div>
        )}
      </dl>
      <ol className="timeline">
        {o.entries.map((e) => (
          <li key={e.seq}>
            <div className="row">
              <b>{word('opposition.entry.', e.kind)}</b>
              {e.ground && <span>{text(groundTitles(c, e.ground)) || e.ground}</span>}
              <span className="soft">{word('opposition.side.', e.side)}</span>
              <span>{day(e.on)}</span>
              {e.outcome && (
                <Tag tone={e.outcome === 'upheld' ? 'bad' : 'ok'}>{word('opposition.outcome.', e.outcome)}</Tag>
              )}
            </div>
            {e.text && (
              <p className="quote" dir="auto">
                {e.text}
              </p>
            )}
            {e.documents?.map((d) => (
              <p key={d.sha256} className="small">
                <bdi>{d.title}</bdi> <code className="soft">{d.sha256?.slice(0, 12)}</code>
              </p>
            ))}
          </li>
        ))}
      </ol>
    </>
  )
}

type FormProps = {
  opposition: Opposition
  act: string
  today: string
  titleOf: (code: string) => string
  onClose: () => void
}

/** An answer and a decision speak to each ground; the other acts have one text. */
function ActForm({ opposition: o, act, today, titleOf, onClose }: FormProps) {
  const { t, word } = useI18n()
  const each = act === 'answer' || act === 'decide'
  const grounds = each ? o.entries.filter((e) => e.kind === 'ground').map((e) => e.ground ?? '') : []
  const form = useForm({
    initialValues: {
      on: today,
      text: '',
      grounds: grounds.map((ground) => ({ ground, text: '', outcome: 'dismissed' as Schema['OppositionOutcome'] })),
    },
  })
  const run = useMutation({
    mutationFn: (v: typeof form.values) =>
      oppose(o, act, {
        on: v.on,
        ...(v.text && { text: v.text }),
        ...(each && {
          grounds: v.grounds
            .filter((g) => act === 'decide' || g.text)
            .map(({ outcome, ...g }) => (act === 'decide' ? { ...g, outcome } : g)),
        }),
      }),
    onSuccess: async () => {
      await changed()
      done(t('web.act.done', { Name: word('opposition.act.', act) }))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <TextInput type="date" required label={t('web.case.on')} {...form.getInputProps('on')} />
      {grounds.map((g, i) => (
        <fieldset key={g} className="stack">
          <legend>{titleOf(g)}</legend>
          <Textarea aria-label={titleOf(g)} autosize minRows={2} {...form.getInputProps(`grounds.${i}.text`)} />
          {act === 'decide' && (
            <NativeSelect
              label={t('web.opposition.outcome')}
              data={(['dismissed', 'upheld'] as const).map((value) => ({
                value,
                label: word('opposition.outcome.', value),
              }))}
              {...form.getInputProps(`grounds.${i}.outcome`)}
            />
          )}
        </fieldset>
      ))}
      {!each && <Textarea label={t('web.opposition.text')} autosize minRows={3} {...form.getInputProps('text')} />}
      <FormButtons submit={word('opposition.act.', act)} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}
