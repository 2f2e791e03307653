import { Button, Modal, Skeleton, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { UploadField } from '../../ui/UploadField'
import { attach, type CaseDocument, documentsQuery, openDocument, share } from './letters'
import { changed } from './queries'

/** The documents of the case: what either side shared, and our own. */
export function DocumentsPanel({ id }: { id: string }) {
  const { t } = useI18n()
  const session = useSession()
  const { data, error } = useQuery(documentsQuery(id))
  const [adding, setAdding] = useState(false)
  return (
    <Panel
      title={t('web.case.documents')}
      aside={
        may(session, 'case-document:attach') && (
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
            {t('web.case.attach')}
          </Button>
        )
      }
    >
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={80} />}
      {data?.items.length === 0 && <p className="soft">{t('web.case.documents-none')}</p>}
      <ul className="list">
        {data?.items.map((d) => (
          <Row key={d.id} id={id} of={d} />
        ))}
      </ul>
      {adding && <AttachDialog id={id} onClose={() => setAdding(false)} />}
    </Panel>
  )
}

function Row({ id, of: d }: { id: string; of: CaseDocument }) {
  const { t, text, instant, bytes } = useI18n()
  const open = useMutation({ mutationFn: () => openDocument(id, d.id) })
  const give = useMutation({ mutationFn: () => share(id, d.id), onSuccess: () => changed() })
  return (
    <li>
      <span>
        <button type="button" className="link" onClick={() => open.mutate()}>
          <bdi>{d.title}</bdi>
        </button>
        <div className="soft small">
          {[
            text(d.owner.names) || d.owner.slug,
            d.event && t('web.case.event-number', { Number: d.event }),
            bytes(d.size),
            instant(d.at),
          ]
            .filter(Boolean)
            .join(' · ')}{' '}
          <code>{d.sha256.slice(0, 12)}</code>
        </div>
        <ProblemAlert error={open.error ?? give.error} />
      </span>
      <span className="end row">
        <Tag tone={d.shared ? 'ok' : 'plain'}>{d.shared ? t('web.case.both-read') : t('web.case.only-we-read')}</Tag>
        {d.allowed.includes('share') && (
          <Button size="compact-sm" variant="default" loading={give.isPending} onClick={() => give.mutate()}>
            {t('web.case.share')}
          </Button>
        )}
      </span>
    </li>
  )
}

function AttachDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useI18n()
  const [title, setTitle] = useState('')
  const [documentId, setDocumentId] = useState<string>()
  const run = useMutation({
    mutationFn: () => attach(id, { documentId: documentId ?? '', title }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.case.attach')}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        <UploadField
          label={t('web.case.document-file')}
          wish={{ purpose: 'case' }}
          onUploaded={(d) => {
            setDocumentId(d.id)
            setTitle((was) => was || d.filename)
          }}
        />
        <TextInput
          required
          label={t('web.case.document-title')}
          value={title}
          onChange={(e) => setTitle(e.currentTarget.value)}
        />
        <FormButtons
          submit={t('web.case.attach')}
          onCancel={onClose}
          busy={run.isPending}
          disabled={!documentId || !title.trim()}
        />
      </form>
    </Modal>
  )
}
