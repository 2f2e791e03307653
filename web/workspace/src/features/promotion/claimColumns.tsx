import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Column } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Tag } from '../../ui/Tag'
import { CLAIM, type Claim } from './claims'

export function useClaimColumns(): Column<Claim>[] {
  const { t, word, money, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.promotion.applicant'),
        cell: (c) => (
          <>
            <Link to="/promotion-claims/$id" params={{ id: c.id }}>
              <bdi>{c.name}</bdi>
            </Link>
            <div className="soft small mono">
              <bdi>{c.number}</bdi>
            </div>
          </>
        ),
      },
      { id: 'amount', header: t('web.promotion.amount'), num: true, cell: (c) => money(c.amount, c.currency) },
      { id: 'paid', header: t('web.promotion.paid'), num: true, cell: (c) => money(c.paid, c.currency) },
      { id: 'created', header: t('web.promotion.submitted-at'), tight: true, cell: (c) => instant(c.createdAt) },
      {
        id: 'status',
        header: t('web.promotion.state'),
        tight: true,
        cell: (c) => <Tag tone={CLAIM[c.status]}>{word('promotion-claim.status.', c.status)}</Tag>,
      },
    ],
    [t, word, money, instant],
  )
}
