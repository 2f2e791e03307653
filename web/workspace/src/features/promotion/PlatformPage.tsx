import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { changed } from './calls'
import { PLATFORM_ACTS, type Platform, performPlatform, platformQuery, STANDING_TONE } from './platforms'

const route = getRouteApi('/house/promotion-platforms/$id')

/** What is known of a platform. */
export function PlatformPage() {
  const { id } = route.useParams()
  const { t, word, text } = useI18n()
  const { data: p, error, refetch } = useQuery(platformQuery(id))
  const crumb = (
    <Link to="/promotion-platforms" className="crumb">
      <Back>{t('web.promotion.platforms')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.promotion.platforms')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!p) return <Skeleton h={300} radius={14} />
  return (
    <>
      <PageHead
        title={text(p.names)}
        crumb={crumb}
        tag={<Tag tone={STANDING_TONE[p.status]}>{word('promotion-platform.status.', p.status)}</Tag>}
        lead={word('promotion.level.', p.level)}
        acts={<Acts of={p} />}
      />
      <Facts of={p} />
    </>
  )
}

function Facts({ of: p }: { of: Platform }) {
  const { t, text } = useI18n()
  return (
    <Panel title={t('web.promotion.platform')}>
      <FactList
        of={[
          [t('web.promotion.region'), p.region],
          [t('web.promotion.address'), p.address],
          [
            t('web.promotion.website'),
            p.website && (
              <a href={p.website} rel="noopener noreferrer" dir="ltr">
                {p.website}
              </a>
            ),
          ],
          [t('web.promotion.contact'), p.contact],
          [t('web.promotion.partner-here'), p.partner && (text(p.partner.names) || p.partner.slug)],
          [
            t('web.promotion.partner-calls'),
            p.partner && (
              <Link to="/promotion-programmes" search={{ whose: 'others' }}>
                {t('web.promotion.whose.others')}
              </Link>
            ),
          ],
        ]}
      />
    </Panel>
  )
}

function Acts({ of: p }: { of: Platform }) {
  const { t, word } = useI18n()
  const run = useMutation({
    mutationFn: (act: (typeof PLATFORM_ACTS)[number]) => performPlatform(p, act),
    onSuccess: changed,
    onError: useRefused(),
  })
  return (
    <>
      {PLATFORM_ACTS.filter((act) => p.allowed.includes(act)).map((act) => (
        <Button key={act} variant="default" loading={run.isPending} onClick={() => run.mutate(act)}>
          {word('promotion-platform.act.', act)}
        </Button>
      ))}
      {p.allowed.includes('update') && (
        <LinkButton variant="default" to="/promotion-platforms/$id/edit" params={{ id: p.id }}>
          {t('promotion-platform.act.update')}
        </LinkButton>
      )}
      {p.allowed.includes('mirror') && (
        <LinkButton to="/promotion-platforms/$id/mirror" params={{ id: p.id }}>
          {t('promotion-platform.act.mirror')}
        </LinkButton>
      )}
    </>
  )
}
