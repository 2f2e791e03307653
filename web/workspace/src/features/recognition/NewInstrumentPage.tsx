import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { instrumentValues } from './content'
import { InstrumentForm } from './InstrumentForm'
import { changed, createInstrument } from './queries'

/** Adds an instrument. */
export function NewInstrumentPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const save = useMutation({
    mutationFn: createInstrument,
    onSuccess: async ({ id }) => {
      await changed('instruments')
      await navigate({ to: '/instruments/$id', params: { id } })
    },
  })
  return (
    <>
      <PageHead
        title={t('web.instrument.new')}
        crumb={
          <Link to="/instruments" className="crumb">
            <Back>{t('web.instruments.nav')}</Back>
          </Link>
        }
      />
      <InstrumentForm
        values={instrumentValues()}
        error={save.error}
        saving={save.isPending}
        onSave={(input) => save.mutate(input)}
        onCancel={() => void navigate({ to: '/instruments' })}
      />
    </>
  )
}
