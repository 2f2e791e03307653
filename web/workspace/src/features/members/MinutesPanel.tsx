import { Anchor, Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { type Meeting, type Minutes, minute, minutesQuery, sign } from './meetings'
import { changed } from './queries'

/** The minutes of a meeting and their corrections. Two people sign; what is signed stays. */
export function MinutesPanel({ meeting: m }: { meeting: Meeting }) {
  const { t } = useI18n()
  const { data = [], error } = useQuery(minutesQuery(m.id))
  const [writing, setWriting] = useState(false)
  const last = data.at(-1)
  const open = last && !last.secondAt ? last : undefined
  return (
    <Panel
      title={t('web.meeting.minutes')}
      aside={
        m.allowed.includes('minute') &&
        !open?.chairAt && (
          <Button size="compact-sm" variant="default" onClick={() => setWriting(true)}>
            {t(last && !open ? 'web.meeting.correct' : 'web.meeting.write')}
          </Button>
        )
      }
    >
      <ProblemAlert error={error} />
      {data.length === 0 && <p className="soft">{t('web.meeting.minutes-none')}</p>}
      {data.map((e) => (
        <Entry key={e.id} meeting={m} minutes={e} />
      ))}
      {writing && <WriteDialog id={m.id} minutes={open} onClose={() => setWriting(false)} />}
    </Panel>
  )
}

function Entry({ meeting: m, minutes: e }: { meeting: Meeting; minutes: Minutes }) {
  const { t, instant, number } = useI18n()
  const run = useMutation({
    mutationFn: (as: 'chair' | 'second') => sign(m.id, e.id, as),
    onSuccess: changed,
    onError: useRefused(),
  })
  return (
    <article className="stack tight">
      {e.number > 1 && <h3>{t('web.meeting.correction', { Number: number(e.number - 1) })}</h3>}
      <p className="soft small">
        {t('web.meeting.chair')}: <bdi>{e.chair}</bdi>
      </p>
      <p dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
        {e.text}
      </p>
      {e.chairAt && (
        <p className="small">
          {t('meeting.signer.chair')}: <bdi>{e.chairName}</bdi> · {instant(e.chairAt)}
        </p>
      )}
      {e.secondAt && (
        <p className="small">
          {t('meeting.signer.second')}: <bdi>{e.secondName}</bdi> · {instant(e.secondAt)}
        </p>
      )}
      {e.sha256 && (
        <p className="mono small" style={{ overflowWrap: 'anywhere' }}>
          {e.sha256}
        </p>
      )}
      <div className="row">
        {m.allowed.includes('sign') && !e.chairAt && (
          <Button size="compact-sm" loading={run.isPending} onClick={() => run.mutate('chair')}>
            {t('web.meeting.sign-chair')}
          </Button>
        )}
        {m.allowed.includes('sign') && e.chairAt && !e.secondAt && (
          <Button size="compact-sm" loading={run.isPending} onClick={() => run.mutate('second')}>
            {t('web.meeting.sign-second')}
          </Button>
        )}
        <Anchor size="sm" href={`/api/v1/meetings/${m.id}/minutes/${e.id}/record`} download="meeting.json">
          {t('web.meeting.record')}
        </Anchor>
      </div>
    </article>
  )
}

function WriteDialog({ id, minutes, onClose }: { id: string; minutes?: Minutes; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { chair: minutes?.chair ?? '', text: minutes?.text ?? '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => minute(id, v),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.meeting.write')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput required maxLength={200} label={t('web.meeting.chair')} {...form.getInputProps('chair')} />
        <Textarea
          required
          autosize
          minRows={8}
          maxLength={100000}
          label={t('web.meeting.text')}
          {...form.getInputProps('text')}
        />
        <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
