import { Modal, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { UploadField } from '../../ui/UploadField'
import { createImage } from './images'
import { changed } from './queries'

const SIDES = ['left', 'top', 'width', 'height'] as const

/** An official image with its layout. The colours are written a line each, so that a rule can be copied. */
export function ImageDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const [documentId, setDocumentId] = useState('')
  const form = useForm({
    initialValues: {
      name: '',
      code: { left: 0, top: 800, width: 1000, height: 100 },
      leastMm: '' as number | '',
      colours: '',
      source: '',
    },
  })
  const run = useMutation({
    mutationFn: ({ colours, leastMm, ...said }: typeof form.values) =>
      createImage({
        ...said,
        documentId,
        leastMm: Number(leastMm),
        colours: colours.split('\n').flatMap((line) => line.trim() || []),
      }),
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.mark-images.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <UploadField
          label={t('web.mark-images.file')}
          hint={t('web.mark-images.file-how')}
          accept=".svg,.pdf,.png"
          wish={{ purpose: 'special-mark' }}
          onUploaded={(document) => setDocumentId(document.id)}
        />
        <TextInput
          required
          maxLength={200}
          dir="auto"
          label={t('web.mark-images.name')}
          {...form.getInputProps('name')}
        />
        <fieldset className="fieldset" data-path="code" tabIndex={-1}>
          <legend>{t('web.mark-images.code')}</legend>
          <div className="row" style={{ alignItems: 'start' }}>
            {SIDES.map((side) => (
              <NumberInput
                key={side}
                w={110}
                min={0}
                max={1000}
                allowDecimal={false}
                label={t(`web.mark-images.${side}`)}
                {...form.getInputProps(`code.${side}`)}
              />
            ))}
          </div>
          {form.errors.code && (
            <p className="small" role="alert" style={{ color: 'var(--rose-700)' }}>
              {form.errors.code}
            </p>
          )}
        </fieldset>
        <NumberInput
          required
          w={260}
          min={1}
          max={1000}
          decimalScale={1}
          label={t('web.mark-images.least')}
          {...form.getInputProps('leastMm')}
        />
        <Textarea
          required
          autosize
          minRows={2}
          dir="ltr"
          label={t('web.mark-images.colours')}
          description={t('web.mark-images.colours-how')}
          {...form.getInputProps('colours')}
        />
        <Textarea
          required
          autosize
          minRows={2}
          maxLength={500}
          dir="auto"
          label={t('web.mark-rule.source')}
          description={t('web.mark-images.source-how')}
          {...form.getInputProps('source')}
        />
        <FormButtons
          submit={t('web.mark-images.new')}
          onCancel={onClose}
          busy={run.isPending}
          disabled={documentId === ''}
        />
      </form>
    </Modal>
  )
}
