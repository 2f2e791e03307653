import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { EMPTY } from './content'
import { changed, draft } from './queries'
import { RegistrationForm } from './RegistrationForm'

/** A new registration, begun as a draft. */
export function DraftPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const save = useMutation({
    mutationFn: draft,
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/registrations/$id', params: { id } })
    },
  })
  return (
    <>
      <PageHead
        title={t('web.registration.new')}
        crumb={
          <Link to="/registrations" className="crumb">
            <Back>{t('web.registrations.nav')}</Back>
          </Link>
        }
      />
      <RegistrationForm
        content={EMPTY}
        error={save.error}
        saving={save.isPending}
        onSave={(content) => save.mutate(content)}
        onCancel={() => void navigate({ to: '/registrations' })}
      />
    </>
  )
}
