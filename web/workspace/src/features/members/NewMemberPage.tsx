import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { blank } from './content'
import { MemberForm } from './MemberForm'
import { changed, create } from './queries'

/** An application that came to the association on paper or by word. */
export function NewMemberPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const run = useMutation({
    mutationFn: create,
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/members/$id', params: { id } })
    },
  })
  return (
    <>
      <PageHead
        title={t('web.members.new')}
        crumb={
          <Link to="/members" className="crumb">
            <Back>{t('web.members.nav')}</Back>
          </Link>
        }
      />
      <MemberForm
        values={blank}
        error={run.error}
        saving={run.isPending}
        onSave={(input) => run.mutate(input)}
        onCancel={() => void navigate({ to: '/members' })}
      />
    </>
  )
}
