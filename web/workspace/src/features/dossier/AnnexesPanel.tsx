import { Button, Modal, NativeSelect, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, body, type Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { UploadField } from '../../ui/UploadField'
import { changed, type Dossier, patch } from './queries'

type Annex = Schema['Annex']
/** What profiles call their annexes; a profile may ask for others, which the completeness list names. */
const KINDS = ['test-report', 'registration-certificate', 'other'] as const

const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ['documents', 'one', id],
    queryFn: () => body(api.GET('/api/v1/documents/{id}', { params: { path: { id } } })),
  })
const readyQuery = queryOptions({
  queryKey: ['documents', 'ready'],
  queryFn: () => body(api.GET('/api/v1/documents', { params: { query: { status: 'ready', limit: 100 } } })),
})

/** Documents that go with the dossier. */
export function AnnexesPanel({ dossier: d, etag }: { dossier: Dossier; etag: string }) {
  const { t } = useI18n()
  const refused = useRefused()
  const [adding, setAdding] = useState(false)
  const save = useMutation({
    mutationFn: (annexes: Annex[]) => patch(d.id, etag, { annexes }),
    onSuccess: async () => {
      setAdding(false)
      await changed()
    },
    onError: refused,
  })
  const writable = d.allowed.includes('update')
  return (
    <Panel
      title={t('web.dossier.tab.annexes')}
      aside={
        writable && (
          <Button size="compact-md" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {t('web.annex.add')}
          </Button>
        )
      }
    >
      {d.annexes.length === 0 && <Empty title={t('web.annex.none')} />}
      <ul className="list">
        {d.annexes.map((a) => (
          <Row
            key={a.documentId}
            annex={a}
            onRemove={writable ? () => save.mutate(d.annexes.filter((x) => x !== a)) : undefined}
          />
        ))}
      </ul>
      {adding && (
        <AnnexDialog
          saving={save.isPending}
          error={save.error}
          onClose={() => setAdding(false)}
          onAdd={(annex) => save.mutate([...d.annexes, annex])}
        />
      )}
    </Panel>
  )
}

function Row({ annex: a, onRemove }: { annex: Annex; onRemove?: () => void }) {
  const { t, text, word, bytes } = useI18n()
  const { data: file } = useQuery(documentQuery(a.documentId))
  const name = text(a.title) || file?.filename || a.documentId
  return (
    <li>
      <Link to="/documents/$id" params={{ id: a.documentId }}>
        <bdi>{name}</bdi>
      </Link>
      {onRemove && (
        <Button
          className="end"
          size="compact-sm"
          variant="subtle"
          color="rose"
          leftSection={<IconTrash size={15} aria-hidden />}
          aria-label={t('web.form.remove', { Name: name })}
          onClick={onRemove}
        >
          {t('web.remove')}
        </Button>
      )}
      <span className="sub">{[word('annex.kind.', a.kind), file && bytes(file.size)].filter(Boolean).join(' · ')}</span>
    </li>
  )
}

type DialogProps = { saving: boolean; error: unknown; onClose: () => void; onAdd: (annex: Annex) => void }

function AnnexDialog({ saving, error, onClose, onAdd }: DialogProps) {
  const { t, word, locale } = useI18n()
  const session = useSession()
  const { data } = useQuery(readyQuery)
  const [sent, setSent] = useState<Schema['Document'][]>([])
  const form = useForm({ initialValues: { documentId: '', kind: 'test-report', title: '' } })
  const choices = [...sent, ...(data?.items ?? []).filter((x) => !sent.some((s) => s.id === x.id))]
  return (
    <Modal opened onClose={onClose} title={t('web.annex.add')} size="lg">
      <form
        noValidate
        className="stack"
        onSubmit={form.onSubmit(({ title, ...v }) => onAdd({ ...v, ...(title && { title: { [locale]: title } }) }))}
      >
        <ProblemAlert error={error} />
        {may(session, 'document:upload') && (
          <UploadField
            label={t('web.annex.upload')}
            wish={{ purpose: form.values.kind }}
            onUploaded={(document) => {
              setSent((all) => [document, ...all])
              form.setFieldValue('documentId', document.id)
            }}
          />
        )}
        <Select
          searchable
          required
          label={t('web.annex.document')}
          nothingFoundMessage={t('web.list.nothing-found')}
          data={choices.map((x) => ({ value: x.id, label: x.filename }))}
          {...form.getInputProps('documentId')}
          value={form.values.documentId || null}
        />
        <NativeSelect
          label={t('web.annex.kind')}
          data={KINDS.map((value) => ({ value, label: word('annex.kind.', value) }))}
          {...form.getInputProps('kind')}
        />
        <TextInput label={t('web.annex.title')} {...form.getInputProps('title')} />
        <FormButtons submit={t('web.annex.add')} onCancel={onClose} busy={saving} disabled={!form.values.documentId} />
      </form>
    </Modal>
  )
}
