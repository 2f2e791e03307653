import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { useRefused } from '../../ui/ProblemAlert'
import { applicationsQuery, apply } from './applications'
import { changed, type Programme } from './calls'

/** Begins an application with what is known of who applies; who began one goes on with it. */
export function ApplyButton({ of: p }: { of: Programme }) {
  const { t, text, locale } = useI18n()
  const session = useSession()
  const navigate = useNavigate()
  const { data } = useQuery(applicationsQuery({ programmeId: p.id, own: true }))
  const refused = useRefused()
  const run = useMutation({
    mutationFn: () =>
      apply(p.id, {
        // An association applies for one of its members, which is found by its credit code.
        ...(session.tenant.kind !== 'association' && { name: text(session.tenant.names) }),
        contact: session.name,
        email: session.email,
        language: locale,
      }),
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/promotion-applications/$id/edit', params: { id } })
    },
    onError: refused,
  })
  const begun = data?.items.find((a) => a.status !== 'withdrawn')
  if (begun) {
    return (
      <LinkButton to="/promotion-applications/$id" params={{ id: begun.id }}>
        {t('web.promotion.own-application')}
      </LinkButton>
    )
  }
  if (!data || p.status !== 'open' || !may(session, 'promotion-application:create')) return null
  return (
    <Button loading={run.isPending} onClick={() => run.mutate()}>
      {t('web.promotion.apply')}
    </Button>
  )
}
