import { Checkbox, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient, type Versioned } from '../../api/client'
import { may, useSession } from '../../api/session'
import { Editing } from '../../ui/Editing'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { toValues } from './content'
import { MemberForm } from './MemberForm'
import { changed, type Input, type Member, memberQuery, propose, update } from './queries'

const route = getRouteApi('/house/members/$id/edit')

export function EditMemberPage() {
  const { id } = route.useParams()
  // What is being edited must not change under the hands of who edits it.
  const { data, error, refetch } = useQuery({
    ...memberQuery(id),
    queryKey: ['member-edit', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={500} radius={14} />
  return <Opened key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Opened({ opened, onTakeTheirs }: { opened: Versioned<Member>; onTakeTheirs: () => void }) {
  const { t } = useI18n()
  const session = useSession()
  const navigate = useNavigate()
  const [review, setReview] = useState(false)
  const id = opened.record.id
  const back = () => navigate({ to: '/members/$id', params: { id } })
  return (
    <>
      <PageHead
        title={t('web.registration.edit', { Name: opened.record.name })}
        crumb={
          <Link to="/members/$id" params={{ id }} className="crumb">
            <Back>{opened.record.name}</Back>
          </Link>
        }
      />
      <Editing<Input>
        etag={opened.etag}
        save={(etag, input) => (review ? propose(id, etag, input) : update(id, etag, input))}
        latest={async () => (await queryClient.fetchQuery({ ...memberQuery(id), staleTime: 0 })).etag}
        onSaved={async () => {
          await changed()
          if (review) done(t('web.members.proposed'))
          await back()
        }}
        onTakeTheirs={onTakeTheirs}
        look={
          <Link to="/members/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        }
      >
        {(form) => (
          <>
            {may(session, 'member-change:propose') && (
              <Checkbox
                mb="md"
                label={t('web.members.propose')}
                checked={review}
                onChange={(e) => setReview(e.currentTarget.checked)}
              />
            )}
            <MemberForm changing values={toValues(opened.record)} {...form} onCancel={() => void back()} />
          </>
        )}
      </Editing>
    </>
  )
}
