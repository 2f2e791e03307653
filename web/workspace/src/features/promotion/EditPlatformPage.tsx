import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queryClient } from '../../api/client'
import { Editing } from '../../ui/Editing'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { changed } from './calls'
import { PlatformForm } from './PlatformForm'
import { type Platform, type PlatformInput, platformQuery, updatePlatform } from './platforms'

const route = getRouteApi('/house/promotion-platforms/$id/edit')

/** What is known of a platform, changed. */
export function EditPlatformPage() {
  const { id } = route.useParams()
  // What is being edited must not change under the hands of who edits it.
  const { data, error, refetch } = useQuery({
    ...platformQuery(id),
    queryKey: ['promotion-platform-edit', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={400} radius={14} />
  return <Opened key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Opened({ opened, onTakeTheirs }: { opened: Platform; onTakeTheirs: () => void }) {
  const { t, text } = useI18n()
  const navigate = useNavigate()
  const { id } = opened
  const name = text(opened.names)
  const back = () => navigate({ to: '/promotion-platforms/$id', params: { id } })
  return (
    <>
      <PageHead
        title={t('web.registration.edit', { Name: name })}
        crumb={
          <Link to="/promotion-platforms/$id" params={{ id }} className="crumb">
            <Back>{name}</Back>
          </Link>
        }
      />
      <Editing<PlatformInput>
        etag={opened.etag}
        save={(etag, input) => updatePlatform(id, etag, input)}
        latest={async () => (await queryClient.fetchQuery({ ...platformQuery(id), staleTime: 0 })).etag}
        onSaved={async () => {
          await changed()
          await back()
        }}
        onTakeTheirs={onTakeTheirs}
        look={
          <Link to="/promotion-platforms/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        }
      >
        {(form) => <PlatformForm platform={opened} {...form} onCancel={() => void back()} />}
      </Editing>
    </>
  )
}
