import { Button, Modal, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { atFields } from './atFields'
import { FormButtons } from './FormButtons'
import { useI18n } from './i18n'
import { ProblemAlert } from './ProblemAlert'

type Props<T> = { reveal: (purpose: string) => Promise<T>; onShown: (shown: T) => void }

/** Shows what is private to whoever says for what it is needed. */
export function RevealButton<T>({ reveal, onShown }: Props<T>) {
  const { t } = useI18n()
  const [asks, setAsks] = useState(false)
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsks(true)}>
        {t('web.reveal')}
      </Button>
      {asks && <Purpose reveal={reveal} onShown={onShown} onClose={() => setAsks(false)} />}
    </>
  )
}

function Purpose<T>({ reveal, onShown, onClose }: Props<T> & { onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({
    initialValues: { purpose: '' },
    validate: { purpose: (v) => (v.trim() ? null : t('web.members.needed')) },
  })
  const act = useMutation({
    mutationFn: () => reveal(form.values.purpose),
    onSuccess: (shown) => {
      onShown(shown)
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.reveal')}>
      <form noValidate className="stack" onSubmit={form.onSubmit(() => act.mutate())}>
        <ProblemAlert error={act.error} placed={Object.keys(form.errors)} />
        <p>{t('web.reveal.note')}</p>
        <Textarea
          data-autofocus
          required
          autosize
          minRows={2}
          maxLength={500}
          label={t('web.members.purpose')}
          {...form.getInputProps('purpose')}
        />
        <FormButtons submit={t('web.reveal')} onCancel={onClose} busy={act.isPending} />
      </form>
    </Modal>
  )
}
