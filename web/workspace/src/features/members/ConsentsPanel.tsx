import { Button, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { today } from '../../ui/today'
import { agree, changed, consentsQuery, endConsent, type Member } from './queries'
import { ReasonDialog } from './ReasonDialog'

/** What a member agreed that others may read, for what and until when; it can be withdrawn at any time. */
export function ConsentsPanel({ member: m }: { member: Member }) {
  const { t, day, text } = useI18n()
  const session = useSession()
  const { data = [], error } = useQuery(consentsQuery(m.id))
  const [dialog, setDialog] = useState<string>()
  const close = () => setDialog(undefined)
  return (
    <Panel
      title={t('web.members.consents')}
      aside={
        m.status === 'admitted' &&
        may(session, 'member-consent:create') && (
          <Button size="compact-sm" variant="default" onClick={() => setDialog('new')}>
            {t('web.members.consent-new')}
          </Button>
        )
      }
    >
      <ProblemAlert error={error} />
      {data.length === 0 && <p className="soft">{t('web.members.consents-none')}</p>}
      <ul className="list">
        {data.map((c) => (
          <li key={c.id}>
            <bdi>{text(c.readerNames)}</bdi>
            <Tag tone={c.state === 'live' ? 'ok' : 'plain'}>
              {c.state === 'live'
                ? t('web.members.consent-live', { Day: day(c.until.slice(0, 10)) })
                : t('web.members.consent-over')}
            </Tag>
            {c.allowed.includes('withdraw') && (
              <Button className="end" size="compact-xs" variant="subtle" color="rose" onClick={() => setDialog(c.id)}>
                {t('web.members.consent-end')}
              </Button>
            )}
            <span className="sub" dir="auto">
              {[c.purpose, c.reason].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {dialog === 'new' && <ConsentDialog id={m.id} onClose={close} />}
      {dialog && dialog !== 'new' && (
        <ReasonDialog
          danger
          title={t('web.members.consent-end')}
          note={t('web.members.consent-note')}
          label={t('web.members.reason')}
          run={async (reason) => {
            await endConsent(m.id, dialog, reason)
            await changed()
          }}
          onClose={close}
        />
      )}
    </Panel>
  )
}

function ConsentDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { reader: '', purpose: '', until: '', givenOn: today() } })
  const run = useMutation({
    mutationFn: ({ until, ...rest }: typeof form.values) =>
      agree(id, { ...rest, until: until && new Date(`${until}T23:59:59Z`).toISOString() }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.members.consent-new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p className="soft small">{t('web.members.consent-note')}</p>
        <TextInput required label={t('web.members.consent-reader')} maxLength={50} {...form.getInputProps('reader')} />
        <TextInput
          required
          label={t('web.members.consent-purpose')}
          maxLength={500}
          {...form.getInputProps('purpose')}
        />
        <TextInput required type="date" label={t('web.members.consent-until')} {...form.getInputProps('until')} />
        <TextInput required type="date" label={t('web.members.consent-given')} {...form.getInputProps('givenOn')} />
        <FormButtons submit={t('web.members.consent-new')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
