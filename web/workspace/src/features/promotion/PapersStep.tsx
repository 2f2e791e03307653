import { Button, Input } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { PaperName } from '../../ui/PaperName'
import { UploadField } from '../../ui/UploadField'
import type { Call } from './calls'
import type { FormValues } from './form'

type Props = { form: UseFormReturnType<FormValues>; call: Call }

/** The documents: those that the call requires, each with its place, and others. */
export function PapersStep({ form, call }: Props) {
  const { t, text } = useI18n()
  const required = call.documents ?? []
  const { papers } = form.values
  const remove = (documentId: string) =>
    form.setFieldValue(
      'papers',
      papers.filter((p) => p.documentId !== documentId),
    )
  const held = (code?: string) =>
    papers.filter((p) => (code ? p.code === code : !required.some((d) => d.code === p.code)))
  const place = (label: string, code?: string) => (
    <fieldset className="fieldset stack tight" key={code ?? ''}>
      <legend dir="auto">{label}</legend>
      <ul className="list">
        {held(code).map((p) => (
          <li key={p.documentId}>
            <PaperName id={p.documentId} />
            <Button className="end" size="compact-xs" variant="default" onClick={() => remove(p.documentId)}>
              {t('web.promotion.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <UploadField
        many={!code}
        label={t('web.promotion.upload')}
        wish={{ purpose: 'promotion' }}
        onUploaded={(d) => form.insertListItem('papers', { ...(code && { code }), documentId: d.id })}
      />
    </fieldset>
  )
  return (
    <Panel title={t('web.promotion.step.papers')}>
      <div className="stack" data-path="papers" tabIndex={-1}>
        {form.errors.papers && <Input.Error>{form.errors.papers}</Input.Error>}
        {required.map((d) => place(text(d.names), d.code))}
        {place(t('web.promotion.other-documents'))}
      </div>
    </Panel>
  )
}
