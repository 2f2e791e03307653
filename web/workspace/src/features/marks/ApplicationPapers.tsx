import { Button, Input } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { may, useSession } from '../../api/session'
import { FiledName } from '../../ui/FiledName'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { PaperName } from '../../ui/PaperName'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { UploadField } from '../../ui/UploadField'
import type { Values } from './ApplicationForm'
import { filedQuery, linkToFiled } from './applications'

/** The documents of an application that can be filled, each on a line where the server may refuse it. */
export function ApplicationPapers({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useI18n()
  const session = useSession()
  const { documents } = form.values
  if (!may(session, 'document:upload')) return null
  return (
    <fieldset className="fieldset stack tight">
      <legend>{t('web.special-marks.papers')}</legend>
      <ul className="list">
        {documents.map((id, i) => (
          <li key={id} data-path={`documents.${i}`} tabIndex={-1}>
            <PaperName id={id} />
            <Button
              className="end"
              size="compact-xs"
              variant="default"
              onClick={() => form.removeListItem('documents', i)}
            >
              {t('web.applications.remove')}
            </Button>
            {form.errors[`documents.${i}`] && (
              <Input.Error className="sub">{form.errors[`documents.${i}`]}</Input.Error>
            )}
          </li>
        ))}
      </ul>
      <UploadField
        many
        label={t('web.applications.upload')}
        hint={t('web.applications.papers-how')}
        wish={{ purpose: 'special-mark' }}
        onUploaded={(document) => form.insertListItem('documents', document.id)}
      />
    </fieldset>
  )
}

/** The documents as they were handed in, for both sides: later versions are the applicant's own. */
export function FiledPanel({ id }: { id: string }) {
  const { t } = useI18n()
  const { data, error } = useQuery(filedQuery(id))
  if (!data && !error) return null
  return (
    <Panel title={t('web.special-marks.papers')}>
      <ProblemAlert error={error} />
      {data?.length === 0 && <p className="soft">{t('web.applications.papers-none')}</p>}
      <ul className="list">
        {data?.map((f) => (
          <li key={f.documentId}>
            <FiledName of={f} link={(documentId) => linkToFiled(id, documentId)} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
