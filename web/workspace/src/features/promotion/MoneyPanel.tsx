import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import type { Award } from './applications'
import { CasesDialog } from './CasesDialog'
import type { Programme } from './calls'
import { CLAIM, claimsQuery, type Result, resultsQuery } from './claims'
import { ResultDialog } from './ResultDialog'
import { FollowButton, ResultLine } from './ResultLine'

type Props = { of: Award; programme: Programme; own: boolean }

/** What was claimed under a decision. */
export function ClaimsPanel({ of: w, programme: p, own }: Props) {
  const { t, word, money, instant } = useI18n()
  const session = useSession()
  const { data, error } = useQuery({
    ...claimsQuery({ awardId: w.id }),
    enabled: may(session, 'promotion-claim:read'),
  })
  const paying = p.status === 'decided' || p.status === 'running'
  return (
    <Panel
      title={t('web.promotion.claims')}
      aside={
        own &&
        paying &&
        w.outcome === 'awarded' &&
        may(session, 'promotion-claim:create') && (
          <LinkButton size="compact-sm" to="/promotion-claims/new" search={{ award: w.id }}>
            {t('web.promotion.claim-new')}
          </LinkButton>
        )
      }
    >
      <ProblemAlert error={error} />
      {data?.items.length === 0 && <p className="soft">{t('web.promotion.claims-empty')}</p>}
      <ul className="list">
        {data?.items.map((c) => (
          <li key={c.id}>
            <Link to="/promotion-claims/$id" params={{ id: c.id }}>
              {money(c.amount, c.currency)}
            </Link>
            <span className="end">
              <Tag tone={CLAIM[c.status]}>{word('promotion-claim.status.', c.status)}</Tag>
            </span>
            <span className="sub">{instant(c.createdAt)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What came of it, as the applicant reports. */
export function ResultsPanel({ of: w, own }: Omit<Props, 'programme'>) {
  const { t } = useI18n()
  const session = useSession()
  const [reporting, setReporting] = useState<{ follows?: Result }>()
  const [linking, setLinking] = useState<Result>()
  const { data, error } = useQuery({
    ...resultsQuery({ awardId: w.id }),
    enabled: may(session, 'promotion-result:read'),
  })
  return (
    <Panel
      title={t('web.promotion.results')}
      aside={
        own &&
        w.outcome === 'awarded' &&
        may(session, 'promotion-result:report') && (
          <Button size="compact-sm" onClick={() => setReporting({})}>
            {t('web.promotion.report')}
          </Button>
        )
      }
    >
      <ProblemAlert error={error} />
      {data?.items.length === 0 && <p className="soft">{t('web.promotion.results-empty')}</p>}
      <ul className="list">
        {data?.items.map((r) => (
          <ResultLine
            key={r.id}
            of={r}
            acts={
              <>
                <FollowButton of={r} onFollow={() => setReporting({ follows: r })} />
                {r.allowed.includes('link') && may(session, 'recognition-case:read') && (
                  <Button size="compact-xs" variant="default" onClick={() => setLinking(r)}>
                    {t('web.promotion.link-cases')}
                  </Button>
                )}
              </>
            }
          />
        ))}
      </ul>
      {reporting && <ResultDialog of={w} {...reporting} onClose={() => setReporting(undefined)} />}
      {linking && <CasesDialog of={linking} onClose={() => setLinking(undefined)} />}
    </Panel>
  )
}
