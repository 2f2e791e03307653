import { Button, Modal, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient, type Versioned } from '../../api/client'
import { Refusal } from '../../api/problem'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Content, changed, type Registration, registrationQuery, update } from './queries'
import { RegistrationForm } from './RegistrationForm'

const route = getRouteApi('/house/registrations/$id/edit')

export function EditPage() {
  const { id } = route.useParams()
  // What is being edited must not change under the hands of who edits it.
  const { data, error, refetch } = useQuery({
    ...registrationQuery(id),
    queryKey: ['registration-edit', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={500} radius={14} />
  return <Editing key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Editing({ opened, onTakeTheirs }: { opened: Versioned<Registration>; onTakeTheirs: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const id = opened.record.id
  const [conflict, setConflict] = useState<Content>()
  const back = () => navigate({ to: '/registrations/$id', params: { id } })
  const save = useMutation({
    mutationFn: ({ content, etag }: { content: Content; etag: string }) => update(id, etag, content),
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
      await back()
    },
    onError: (e, { content }) => {
      if (e instanceof Refusal && e.stale) setConflict(content)
    },
  })
  const keepMine = async (content: Content) => {
    setConflict(undefined)
    const theirs = await queryClient.fetchQuery({ ...registrationQuery(id), staleTime: 0 })
    save.mutate({ content, etag: theirs.etag })
  }
  const stale = save.error instanceof Refusal && save.error.stale
  return (
    <>
      <PageHead
        title={t('web.registration.edit', { Name: opened.record.title })}
        crumb={
          <Link to="/registrations/$id" params={{ id }} className="crumb">
            <Back>{opened.record.title}</Back>
          </Link>
        }
      />
      <RegistrationForm
        content={opened.record.content}
        error={stale ? null : save.error}
        saving={save.isPending}
        onSave={(content) => save.mutate({ content, etag: opened.etag })}
        onCancel={() => void back()}
      />
      {conflict && (
        <ConflictDialog
          id={id}
          onGoOn={() => setConflict(undefined)}
          onTheirs={onTakeTheirs}
          onMine={() => void keepMine(conflict)}
        />
      )}
    </>
  )
}

type ConflictProps = { id: string; onGoOn: () => void; onTheirs: () => void; onMine: () => void }

/** Somebody else saved the record in the meantime; the person who edits decides what shall hold. */
function ConflictDialog({ id, onGoOn, onTheirs, onMine }: ConflictProps) {
  const { t } = useI18n()
  return (
    <Modal opened onClose={onGoOn} title={t('web.conflict.title')}>
      <div className="stack">
        <p>{t('web.conflict.detail')}</p>
        <p>
          <Link to="/registrations/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        </p>
        <div className="row">
          <Button variant="default" onClick={onGoOn}>
            {t('web.conflict.go-on')}
          </Button>
          <Button variant="outline" color="rose" onClick={onTheirs}>
            {t('web.conflict.theirs')}
          </Button>
          <Button onClick={onMine}>{t('web.conflict.mine')}</Button>
        </div>
      </div>
    </Modal>
  )
}
