import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { recognitionValues } from './content'
import { changed, record } from './queries'
import { RecognitionForm } from './RecognitionForm'

const route = getRouteApi('/house/recognitions/new')

/** Records that a name is protected in a market, or refused. */
export function RecordPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const { instrument, name, market } = route.useSearch()
  const save = useMutation({
    mutationFn: record,
    onSuccess: async ({ id }) => {
      await changed('recognitions')
      await navigate({ to: '/recognitions/$id', params: { id } })
    },
  })
  const empty = recognitionValues(undefined, instrument)
  return (
    <>
      <PageHead
        title={t('web.recognition.new')}
        crumb={
          <Link to="/recognitions" className="crumb">
            <Back>{t('web.recognitions.nav')}</Back>
          </Link>
        }
      />
      <RecognitionForm
        values={{ ...empty, ...(name && { name }), ...(market && { market }) }}
        error={save.error}
        saving={save.isPending}
        onSave={(input) => save.mutate(input)}
        onCancel={() => void navigate({ to: '/recognitions' })}
      />
    </>
  )
}
