import { Button, Modal, NativeSelect, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { addClientKey, changed, revokeClientKey, rotateSigningKey } from './queries'

/** Registers a public key or a certificate of a machine. */
export function AddKey({ clients, onClose }: { clients: Schema['ApiClient'][]; onClose: () => void }) {
  const { t } = useI18n()
  const live = clients.filter((c) => !c.revokedAt)
  const form = useForm({ initialValues: { client: live[0]?.id ?? '', pem: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => addClientKey(v.client, v.pem),
    onSuccess: () => {
      done(t('web.key.added'))
      onClose()
      return changed('api-clients')
    },
    onError: atFields(form),
  })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.key.add')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p>{t('web.key.add-note')}</p>
        <NativeSelect
          required
          label={t('web.client.name')}
          data={live.map((c) => ({ value: c.id, label: c.name }))}
          {...form.getInputProps('client')}
        />
        <Textarea
          required
          autosize
          minRows={5}
          dir="ltr"
          classNames={{ input: 'mono' }}
          label={t('web.key.pem')}
          placeholder="-----BEGIN PUBLIC KEY-----"
          {...form.getInputProps('pem')}
        />
        <FormButtons submit={t('web.key.add')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

/** Takes nothing more from a machine's key. */
export function RevokeKey({ client, id }: { client: string; id: string }) {
  const { t } = useI18n()
  const refused = useRefused()
  const run = useMutation({
    mutationFn: () => revokeClientKey(client, id),
    onSuccess: () => changed('api-clients'),
    onError: refused,
  })
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="rose"
      loading={run.isPending}
      aria-label={t('web.key.revoke-this', { Name: id })}
      onClick={() => run.mutate()}
    >
      {t('web.client.revoke')}
    </Button>
  )
}

const WHYS: Schema['SigningKeyRotation']['why'][] = ['routine', 'compromised']

/** Retires a signing key; the next one signs at once. */
export function RotateKey({ signing, onClose }: { signing: Schema['SigningKey']; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({ initialValues: { why: 'routine' as Schema['SigningKeyRotation']['why'] } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => rotateSigningKey(signing.id, v.why),
    onSuccess: () => {
      done(t('web.key.rotated'))
      onClose()
      return changed('signing-keys')
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.key.rotate-this', { Name: signing.id })}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p>{t('web.key.rotate-note')}</p>
        <NativeSelect
          data-autofocus
          label={t('web.key.why')}
          data={WHYS.map((w) => ({ value: w, label: word('web.key.why.', w) }))}
          {...form.getInputProps('why')}
        />
        <FormButtons danger submit={t('web.key.rotate')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
