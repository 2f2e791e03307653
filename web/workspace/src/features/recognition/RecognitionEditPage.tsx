import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queryClient, type Versioned } from '../../api/client'
import { Editing } from '../../ui/Editing'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { recognitionValues } from './content'
import { changed, type Recognition, type RecognitionInput, recognitionQuery, update } from './queries'
import { RecognitionForm } from './RecognitionForm'

const route = getRouteApi('/house/recognitions/$id/edit')

export function RecognitionEditPage() {
  const { id } = route.useParams()
  // What is being edited must not change under the hands of who edits it.
  const { data, error, refetch } = useQuery({
    ...recognitionQuery(id),
    queryKey: ['recognition-edit', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={500} radius={14} />
  return <Opened key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Opened({ opened, onTakeTheirs }: { opened: Versioned<Recognition>; onTakeTheirs: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const { id, name } = opened.record
  const back = () => navigate({ to: '/recognitions/$id', params: { id } })
  return (
    <>
      <PageHead
        title={t('web.registration.edit', { Name: name })}
        lead={t('web.recognition.correct-lead')}
        crumb={
          <Link to="/recognitions/$id" params={{ id }} className="crumb">
            <Back>{name}</Back>
          </Link>
        }
      />
      <Editing<RecognitionInput>
        etag={opened.etag}
        save={(etag, input) => update(id, etag, input)}
        latest={async () => (await queryClient.fetchQuery({ ...recognitionQuery(id), staleTime: 0 })).etag}
        onSaved={async () => {
          await changed('recognitions')
          await back()
        }}
        onTakeTheirs={onTakeTheirs}
        look={
          <Link to="/recognitions/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        }
      >
        {(form) => (
          <RecognitionForm recorded values={recognitionValues(opened.record)} {...form} onCancel={() => void back()} />
        )}
      </Editing>
    </>
  )
}
