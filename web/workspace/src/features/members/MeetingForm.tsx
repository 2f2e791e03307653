import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Schema } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { instantIn, KINDS, type Kind, localIn, type Meeting } from './meetings'

type Props = {
  meeting?: Meeting
  error: unknown
  saving: boolean
  onSave: (input: Schema['MeetingInput']) => void
  onCancel: () => void
}

/** The zone in which most associations of the house meet. */
const ZONE = 'Asia/Shanghai'

/** A meeting as it is written down before anybody is called. */
export function MeetingForm({ meeting: m, error, saving, onSave, onCancel }: Props) {
  const { t, word } = useI18n()
  const form = useForm({
    initialValues: {
      kind: m?.kind ?? ('general' as Kind),
      title: m?.title ?? '',
      place: m?.place ?? '',
      link: m?.link ?? '',
      beginsAt: m ? localIn(m.beginsAt, m.timeZone) : '',
      timeZone: m?.timeZone ?? ZONE,
      agenda: (m?.agenda ?? []).map((item) => ({ title: item.title, text: item.text ?? '' })),
    },
    validate: {
      title: (v) => (v.trim() ? null : t('web.members.needed')),
      place: (v, { link }) => (v.trim() || link.trim() ? null : t('web.meeting.where-needed')),
      beginsAt: (v) => (v ? null : t('web.members.needed')),
      timeZone: (v) => (Intl.supportedValuesOf('timeZone').includes(v) ? null : t('web.meeting.zone-unknown')),
    },
  })
  useRefusalAtFields(form, error)
  const save = ({ place, link, beginsAt, agenda, ...rest }: typeof form.values) =>
    onSave({
      ...rest,
      ...(place && { place }),
      ...(link && { link }),
      beginsAt: instantIn(beginsAt, rest.timeZone),
      agenda: agenda.map(({ title, text }) => ({ title, ...(text && { text }) })),
    })
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit(save)}>
      <ProblemAlert error={error} placed={Object.keys(form.errors)} />
      <Panel>
        <div className="stack">
          <div className="row" style={{ alignItems: 'start' }}>
            <NativeSelect
              label={t('web.meeting.kind')}
              data={KINDS.map((value) => ({ value, label: word('meeting.kind.', value) }))}
              {...form.getInputProps('kind')}
            />
            <TextInput
              required
              style={{ flex: '1 1 260px' }}
              maxLength={300}
              dir="auto"
              label={t('web.meeting.title')}
              {...form.getInputProps('title')}
            />
          </div>
          <div className="row" style={{ alignItems: 'start' }}>
            <TextInput
              required
              type="datetime-local"
              label={t('web.meeting.begins')}
              {...form.getInputProps('beginsAt')}
            />
            <TextInput
              required
              label={t('web.meeting.zone')}
              maxLength={60}
              dir="ltr"
              {...form.getInputProps('timeZone')}
            />
          </div>
          <TextInput maxLength={500} dir="auto" label={t('web.meeting.place')} {...form.getInputProps('place')} />
          <TextInput maxLength={1000} dir="ltr" label={t('web.meeting.link')} {...form.getInputProps('link')} />
          <Rows
            title={t('web.meeting.agenda')}
            rows={form.values.agenda}
            add={() => form.insertListItem('agenda', { title: '', text: '' })}
            remove={(i) => form.removeListItem('agenda', i)}
          >
            {(_, i) => (
              <div className="stack tight">
                <TextInput
                  required
                  maxLength={300}
                  label={t('web.meeting.matter')}
                  {...form.getInputProps(`agenda.${i}.title`)}
                />
                <Textarea
                  autosize
                  maxLength={4000}
                  label={t('web.meeting.text')}
                  {...form.getInputProps(`agenda.${i}.text`)}
                />
              </div>
            )}
          </Rows>
        </div>
      </Panel>
      <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
    </form>
  )
}
