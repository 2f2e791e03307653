import { NativeSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { templateValues } from './content'
import { InstrumentForm } from './InstrumentForm'
import { changed, createInstrument, type InstrumentInput, templatesQuery, updateProcedure } from './queries'

/** Adds an instrument. */
export function NewInstrumentPage() {
  const { t, text } = useI18n()
  const navigate = useNavigate()
  const { data } = useQuery(templatesQuery)
  const [code, setCode] = useState('')
  const from = data?.items.find((x) => x.code === code)
  const save = useMutation({
    mutationFn: async (input: InstrumentInput) => {
      const made = await createInstrument(input)
      if (from) await updateProcedure(made.id, made.etag, from.procedure)
      return made
    },
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
      <NativeSelect
        mb="md"
        label={t('web.procedure.from')}
        description={t('web.procedure.from-why')}
        value={code}
        onChange={(e) => setCode(e.currentTarget.value)}
        data={[
          { value: '', label: '' },
          ...(data?.items ?? []).map((x) => ({ value: x.code, label: `${text(x.titles)} (${x.code})` })),
        ]}
      />
      <InstrumentForm
        key={code}
        values={templateValues(from)}
        error={save.error}
        saving={save.isPending}
        onSave={(input) => save.mutate(input)}
        onCancel={() => void navigate({ to: '/instruments' })}
      />
    </>
  )
}
