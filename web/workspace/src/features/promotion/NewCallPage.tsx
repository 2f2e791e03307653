import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { CallForm } from './CallForm'
import { changed, create } from './calls'
import { valuesOf } from './content'

/** A call that nobody sees yet. */
export function NewCallPage() {
  const { t } = useI18n()
  const navigate = useNavigate()
  const [values] = useState(valuesOf)
  const run = useMutation({
    mutationFn: create,
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/promotion-programmes/$id', params: { id } })
    },
  })
  return (
    <>
      <PageHead
        title={t('web.promotion.new')}
        crumb={
          <Link to="/promotion-programmes" className="crumb">
            <Back>{t('web.promotion.nav')}</Back>
          </Link>
        }
      />
      <CallForm
        values={values}
        error={run.error}
        saving={run.isPending}
        onSave={(call) => run.mutate(call)}
        onCancel={() => void navigate({ to: '/promotion-programmes' })}
      />
    </>
  )
}
