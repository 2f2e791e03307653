import { Modal, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { TextsField } from '../../ui/Texts'
import { UploadField } from '../../ui/UploadField'
import { type Head, headQuery, saveHead } from './letters'
import { changed } from './queries'

/** What our letters carry: the office's name, who signs, the seal. */
export function HeadDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery(headQuery)
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.letter.head')}>
      <ProblemAlert error={error} />
      {data ? <HeadForm key={data.etag} of={data} onClose={onClose} /> : <Skeleton h={200} />}
    </Modal>
  )
}

function HeadForm({ of: h, onClose }: { of: Head; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({
    initialValues: {
      prefix: h.prefix,
      names: h.names,
      addresses: h.addresses ?? {},
      seal: h.seal,
      signatories: h.signatories,
    },
  })
  const v = form.values
  const run = useMutation({
    mutationFn: () => saveHead(h, v),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(e) => {
        e.preventDefault()
        run.mutate()
      }}
    >
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <TextInput label={t('web.letter.prefix')} data-path="prefix" {...form.getInputProps('prefix')} />
      <TextsField
        label={t('web.letter.names')}
        path="names"
        errors={form.errors}
        value={v.names}
        onChange={(names) => form.setFieldValue('names', names)}
      />
      <TextsField
        label={t('web.letter.addresses')}
        path="addresses"
        errors={form.errors}
        value={v.addresses}
        onChange={(addresses) => form.setFieldValue('addresses', addresses)}
      />
      <UploadField
        label={t('web.letter.seal')}
        accept="image/png,image/jpeg"
        wish={{ purpose: 'seal' }}
        onUploaded={(d) => form.setFieldValue('seal', d.id)}
      />
      <Rows
        title={t('web.letter.signatory')}
        rows={v.signatories}
        add={() => form.insertListItem('signatories', { role: '', names: {}, titles: {} })}
        remove={(n) => form.removeListItem('signatories', n)}
      >
        {(s, n) => (
          <div className="stack tight">
            <TextInput
              label={t('web.letter.role')}
              data-path={`signatories.${n}.role`}
              {...form.getInputProps(`signatories.${n}.role`)}
            />
            {(['names', 'titles'] as const).map((what) => (
              <TextsField
                key={what}
                label={t(what === 'names' ? 'web.letter.signer-name' : 'web.letter.signer-title')}
                path={`signatories.${n}.${what}`}
                errors={form.errors}
                value={s[what]}
                onChange={(texts) => form.setFieldValue(`signatories.${n}.${what}`, texts)}
              />
            ))}
          </div>
        )}
      </Rows>
      <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}
