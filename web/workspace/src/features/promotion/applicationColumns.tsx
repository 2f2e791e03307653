import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Column } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Tag } from '../../ui/Tag'
import { type Application, STAGE } from './applications'

/** The columns of a list of applications. In a blind selection nobody who only scores learns whose they are. */
export function useApplicationColumns(): Column<Application>[] {
  const { t, word, text, money, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'number',
        header: t('web.promotion.number'),
        tight: true,
        has: (a) => a.number !== undefined,
        cell: (a) => <bdi className="mono">{a.number}</bdi>,
      },
      {
        id: 'name',
        header: t('web.promotion.applicant'),
        cell: (a) => (
          <>
            <Link to="/promotion-applications/$id" params={{ id: a.id }}>
              <bdi>{a.form.name || text(a.applicant?.names) || a.number || t('web.promotion.unnamed')}</bdi>
            </Link>
            <div className="soft small">
              <bdi>{text(a.titles)}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'support',
        header: t('web.promotion.support'),
        num: true,
        cell: (a) => money(a.support, a.currency),
      },
      { id: 'updated', header: t('web.promotion.updated'), tight: true, cell: (a) => instant(a.updatedAt) },
      {
        id: 'status',
        header: t('web.promotion.state'),
        tight: true,
        cell: (a) => <Tag tone={STAGE[a.status]}>{word('promotion-application.status.', a.status)}</Tag>,
      },
    ],
    [t, word, text, money, instant],
  )
}
