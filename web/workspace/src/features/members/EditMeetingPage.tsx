import { Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Schema } from '../../api/client'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { MeetingForm } from './MeetingForm'
import { type Meeting, meetingQuery, update } from './meetings'
import { changed } from './queries'

const route = getRouteApi('/house/meetings/$id/edit')

/** The draft of a meeting is changed until its members are called. */
export function EditMeetingPage() {
  const { id } = route.useParams()
  const { t } = useI18n()
  const { data, error } = useQuery(meetingQuery(id))
  return (
    <>
      <PageHead
        title={data?.title ?? t('web.meetings.nav')}
        crumb={
          <Link to="/meetings/$id" params={{ id }} className="crumb">
            <Back>{t('web.meetings.nav')}</Back>
          </Link>
        }
      />
      <ProblemAlert error={error} />
      {data ? <Editor key={id} meeting={data} /> : !error && <Skeleton h={420} radius={14} />}
    </>
  )
}

function Editor({ meeting: m }: { meeting: Meeting }) {
  const navigate = useNavigate()
  const back = () => navigate({ to: '/meetings/$id', params: { id: m.id } })
  const run = useMutation({
    mutationFn: (input: Schema['MeetingInput']) => update(m, input),
    onSuccess: async () => {
      await changed()
      await back()
    },
  })
  return (
    <MeetingForm
      meeting={m}
      error={run.error}
      saving={run.isPending}
      onSave={(input) => run.mutate(input)}
      onCancel={() => void back()}
    />
  )
}
