import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { changed } from './calls'
import { PlatformForm } from './PlatformForm'
import { createPlatform } from './platforms'

/** A platform that is not entered yet. */
export function NewPlatformPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const run = useMutation({
    mutationFn: createPlatform,
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/promotion-platforms/$id', params: { id } })
    },
  })
  return (
    <>
      <PageHead
        title={t('web.promotion.platform-new')}
        crumb={
          <Link to="/promotion-platforms" className="crumb">
            <Back>{t('web.promotion.platforms')}</Back>
          </Link>
        }
      />
      <PlatformForm
        error={run.error}
        saving={run.isPending}
        onSave={(input) => run.mutate(input)}
        onCancel={() => void navigate({ to: '/promotion-platforms' })}
      />
    </>
  )
}
