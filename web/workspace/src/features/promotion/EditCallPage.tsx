import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queryClient } from '../../api/client'
import { Editing } from '../../ui/Editing'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { CallForm } from './CallForm'
import { type Call, callQuery, changed, type Programme, update } from './calls'
import { valuesOf } from './content'

const route = getRouteApi('/house/promotion-programmes/$id/edit')

/** A call is changed until it is published; what was reviewed is a draft again. */
export function EditCallPage() {
  const { id } = route.useParams()
  // What is being edited must not change under the hands of who edits it.
  const { data, error, refetch } = useQuery({
    ...callQuery(id),
    queryKey: ['promotion-edit', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={500} radius={14} />
  return <Opened key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Opened({ opened, onTakeTheirs }: { opened: Programme; onTakeTheirs: () => void }) {
  const { t, text } = useI18n()
  const navigate = useNavigate()
  const { id } = opened
  const name = text(opened.call.titles)
  const back = () => navigate({ to: '/promotion-programmes/$id', params: { id } })
  return (
    <>
      <PageHead
        title={t('web.registration.edit', { Name: name })}
        crumb={
          <Link to="/promotion-programmes/$id" params={{ id }} className="crumb">
            <Back>{name}</Back>
          </Link>
        }
      />
      <Editing<Call>
        etag={opened.etag}
        save={(etag, call) => update(id, etag, call)}
        latest={async () => (await queryClient.fetchQuery({ ...callQuery(id), staleTime: 0 })).etag}
        onSaved={async () => {
          await changed()
          await back()
        }}
        onTakeTheirs={onTakeTheirs}
        look={
          <Link to="/promotion-programmes/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        }
      >
        {(form) => (
          <CallForm
            mirrored={opened.mirror !== undefined}
            values={valuesOf(opened.call)}
            {...form}
            onCancel={() => void back()}
          />
        )}
      </Editing>
    </>
  )
}
