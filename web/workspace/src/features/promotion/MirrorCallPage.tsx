import { TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Refusal } from '../../api/problem'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { CallForm } from './CallForm'
import { type Call, changed } from './calls'
import { unknownOf } from './content'
import { mirrorFrom, platformQuery } from './platforms'

const route = getRouteApi('/house/promotion-platforms/$id/mirror')

/** A call of a platform that is read elsewhere on the web, with as much as is known of it. */
export function MirrorCallPage() {
  const { id } = route.useParams()
  const { t, text } = useI18n()
  const navigate = useNavigate()
  const { data } = useQuery(platformQuery(id))
  const [values] = useState(unknownOf)
  const [address, setAddress] = useState('')
  const run = useMutation({
    mutationFn: (call: Call) => mirrorFrom(id, address.trim(), call),
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/promotion-programmes/$id', params: { id } })
    },
  })
  const name = text(data?.names)
  const wrong = run.error instanceof Refusal && run.error.problem?.details?.find((d) => d.pointer === '/address')
  return (
    <>
      <PageHead
        title={t('web.promotion.mirror-new', { Name: name })}
        lead={t('web.promotion.mirror-how')}
        crumb={
          <Link to="/promotion-platforms/$id" params={{ id }} className="crumb">
            <Back>{name}</Back>
          </Link>
        }
      />
      <CallForm
        mirrored
        values={values}
        error={run.error}
        saving={run.isPending}
        onSave={(call) => run.mutate(call)}
        onCancel={() => void navigate({ to: '/promotion-platforms/$id', params: { id } })}
      >
        <Panel title={t('web.promotion.mirror-of')}>
          <TextInput
            required
            dir="ltr"
            inputMode="url"
            placeholder="https://"
            maxLength={1000}
            data-path="address"
            label={t('web.promotion.mirror-address')}
            description={t('web.promotion.mirror-address-how')}
            value={address}
            error={wrong ? wrong.message : undefined}
            onChange={(e) => setAddress(e.currentTarget.value)}
          />
        </Panel>
      </CallForm>
    </>
  )
}
