import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { MeetingForm } from './MeetingForm'
import { create } from './meetings'
import { changed } from './queries'

/** A meeting that nobody is told of yet. */
export function NewMeetingPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const run = useMutation({
    mutationFn: create,
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/meetings/$id', params: { id } })
    },
  })
  return (
    <>
      <PageHead
        title={t('web.meeting.new')}
        crumb={
          <Link to="/meetings" className="crumb">
            <Back>{t('web.meetings.nav')}</Back>
          </Link>
        }
      />
      <MeetingForm
        error={run.error}
        saving={run.isPending}
        onSave={(input) => run.mutate(input)}
        onCancel={() => void navigate({ to: '/meetings' })}
      />
    </>
  )
}
