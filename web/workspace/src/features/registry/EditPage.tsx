import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queryClient, type Versioned } from '../../api/client'
import { Editing } from '../../ui/Editing'
import { useI18n } from '../../ui/i18n'
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
  return <Opened key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Opened({ opened, onTakeTheirs }: { opened: Versioned<Registration>; onTakeTheirs: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const id = opened.record.id
  const back = () => navigate({ to: '/registrations/$id', params: { id } })
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
      <Editing<Content>
        etag={opened.etag}
        save={(etag, content) => update(id, etag, content)}
        latest={async () => (await queryClient.fetchQuery({ ...registrationQuery(id), staleTime: 0 })).etag}
        onSaved={async () => {
          await changed()
          await back()
        }}
        onTakeTheirs={onTakeTheirs}
        look={
          <Link to="/registrations/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        }
      >
        {(form) => <RegistrationForm content={opened.record.content} {...form} onCancel={() => void back()} />}
      </Editing>
    </>
  )
}
