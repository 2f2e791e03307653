import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, body, type Schema } from '../../api/client'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { UploadField } from '../../ui/UploadField'
import { type Import, type Kept, mappingsChanged, mappingsQuery, SOURCES } from './imports'

/** A file, and in which form it is: recognised, unless somebody says. */
export function ImportChoose({ onBegun }: { onBegun: (of: Import) => void }) {
  const { t, word } = useI18n()
  const kept = useQuery(mappingsQuery()).data ?? []
  const [form, setForm] = useState('')
  const begin = useMutation({
    mutationFn: (documentId: string) =>
      body(api.POST('/api/v1/registration-imports', { body: asked(documentId, form) })),
    onSuccess: onBegun,
  })
  return (
    <>
      <Panel title={t('web.import.choose')}>
        <div className="stack">
          <ProblemAlert error={begin.error} />
          <NativeSelect
            label={t('web.import.form')}
            description={t('web.import.form-how')}
            value={form}
            onChange={(e) => setForm(e.currentTarget.value)}
            data={[
              { value: '', label: t('web.import.source.recognised') },
              ...SOURCES.map((s) => ({ value: s, label: word('web.import.source.', s) })),
              ...kept.map((k) => ({ value: k.id, label: t('web.import.kept-named', { Name: k.name }) })),
            ]}
          />
          <UploadField
            label={t('web.import.file')}
            hint={t('web.import.file-how')}
            accept=".csv,.txt,.xlsx,.json,.xml"
            wish={{ purpose: 'registration-import' }}
            onUploaded={(document) => begin.mutate(document.id)}
          />
        </div>
      </Panel>
      {kept.length > 0 && <KeptMappings kept={kept} />}
    </>
  )
}

function asked(documentId: string, form: string): Schema['ImportInput'] {
  const source = SOURCES.find((s) => s === form)
  return { documentId, ...(source ? { source } : form && { mappingId: form }) }
}

function KeptMappings({ kept }: { kept: Kept[] }) {
  const { t, instant } = useI18n()
  const refused = useRefused()
  const remove = useMutation({
    mutationFn: (id: string) => body(api.DELETE('/api/v1/import-mappings/{id}', { params: { path: { id } } })),
    onSuccess: mappingsChanged,
    onError: refused,
  })
  return (
    <Panel title={t('web.import.kept')}>
      <ul className="plain">
        {kept.map((k) => (
          <li key={k.id} className="row">
            <bdi>{k.name}</bdi>
            <span className="soft small">
              {k.mapping.columns.map((c) => c.heading).join(' · ')} — {instant(k.updatedAt)}
            </span>
            {k.allowed.includes('remove') && (
              <Button
                size="compact-xs"
                variant="subtle"
                color="rose"
                aria-label={t('web.import.forget-named', { Name: k.name })}
                loading={remove.isPending && remove.variables === k.id}
                onClick={() => remove.mutate(k.id)}
              >
                {t('web.import.forget')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
