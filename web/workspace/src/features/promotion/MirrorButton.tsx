import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { useRefused } from '../../ui/ProblemAlert'
import { changed, type Programme } from './calls'
import { mirror } from './platforms'

/** Takes over the call of a platform; from one that was taken over the way leads to the original. */
export function MirrorButton({ of: p }: { of: Programme }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const run = useMutation({
    mutationFn: () => mirror(p.id),
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/promotion-programmes/$id', params: { id } })
    },
    onError: useRefused(),
  })
  if (p.mirror && !p.own) {
    return (
      <Button component="a" href={p.mirror.address} rel="noopener noreferrer">
        {t('web.promotion.mirror-there')}
      </Button>
    )
  }
  if (!p.allowed.includes('mirror')) return null
  return (
    <Button loading={run.isPending} onClick={() => run.mutate()}>
      {t('promotion-programme.act.mirror')}
    </Button>
  )
}
