import { Skeleton } from '@mantine/core'
import { useI18n } from '../ui/i18n'
import { LinkButton } from '../ui/LinkButton'
import { Empty, PageHead } from '../ui/Page'
import { ProblemAlert } from '../ui/ProblemAlert'

/** While a page is on its way. */
export function Loading() {
  const { t } = useI18n()
  return (
    <div className="stack" role="status" aria-label={t('web.loading')}>
      <Skeleton h={36} w={280} />
      <Skeleton h={320} radius={14} />
    </div>
  )
}

/** An address that leads nowhere. */
export function Lost() {
  const { t } = useI18n()
  return (
    <div className="page">
      <PageHead title={t('web.lost.title')} />
      <Empty title={t('web.lost.detail')}>
        <LinkButton to="/" mt="xs">
          {t('web.home.nav')}
        </LinkButton>
      </Empty>
    </div>
  )
}

/** What is shown when a page breaks. */
export function Trouble({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useI18n()
  return (
    <div className="page stack">
      <PageHead title={t('web.trouble.title')} />
      <ProblemAlert error={error} retry={reset} />
    </div>
  )
}
