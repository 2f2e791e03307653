import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Partner, partnersQuery } from './queries'
import { Witnesses } from './Witnesses'

const NONE: Partner[] = []
/** The server counts no further. */
const MOST_MISSING = 1000

/** The tenants that we exchange with, how far they are, and what is wrong. */
export function PartnersPage() {
  const { t } = useI18n()
  const cursors = useCursors('partners')
  const { data, error, isFetching, refetch } = useQuery(partnersQuery(cursors.cursor))
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('web.partners.nav')} lead={t('web.partners.lead')} />
      <div className="stack">
        <Panel>
          {error && <ProblemAlert error={error} retry={() => void refetch()} />}
          <DataTable
            columns={columns}
            rows={data?.items ?? NONE}
            rowId={(r) => r.tenant.slug}
            caption={t('web.partners.nav')}
            busy={isFetching && !data}
            empty={<Empty title={t('web.partners.empty')} />}
          />
          <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
        </Panel>
        <Witnesses />
      </div>
    </>
  )
}

function useColumns(): Column<Partner>[] {
  const { t, word, text, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'partner',
        header: t('web.partner.partner'),
        cell: (r) => (
          <>
            <Link to="/receipts" search={{ other: r.tenant.slug }}>
              <bdi>{text(r.tenant.names) || r.tenant.slug}</bdi>
            </Link>
            {r.tenant.demo && <div className="soft small">{t('page.demo')}</div>}
          </>
        ),
      },
      {
        id: 'state',
        header: t('web.partner.state'),
        cell: (r) =>
          r.problems.length ? (
            <div className="stack tight">
              {r.problems.map((p) => (
                <div key={p}>
                  <Tag tone={p === 'suspended' || p === 'behind' ? 'bad' : 'warn'}>{word('partner.trouble.', p)}</Tag>
                </div>
              ))}
            </div>
          ) : (
            <Tag tone="ok">{t('web.partner.well')}</Tag>
          ),
      },
      { id: 'gives', header: t('web.partner.gives'), cell: (r) => <Rights of={r.gives} /> },
      { id: 'gets', header: t('web.partner.gets'), cell: (r) => <Rights of={r.gets} /> },
      {
        id: 'read',
        header: t('web.partner.read'),
        tight: true,
        cell: (r) => (
          <>
            {r.readAt ? instant(r.readAt) : t('web.partner.never')}
            <div className="soft small">
              {t('web.partner.we-read', { When: r.weReadAt ? instant(r.weReadAt) : t('web.partner.never') })}
            </div>
          </>
        ),
      },
      {
        id: 'missing',
        header: t('web.partner.missing'),
        cell: (r) => (
          <>
            {number(r.missing)}
            {r.missing >= MOST_MISSING && '+'}
            {r.missingFrom && (
              <div className="soft small">{t('web.partner.missing-from', { When: instant(r.missingFrom) })}</div>
            )}
          </>
        ),
      },
      {
        id: 'receipt',
        header: t('web.partner.receipt'),
        tight: true,
        cell: (r) =>
          r.lastReceipt ? (
            <>
              {word('receipt.act.', r.lastReceipt.act)}
              <div className="soft small">{instant(r.lastReceipt.at)}</div>
            </>
          ) : (
            '—'
          ),
      },
    ],
    [t, word, text, number, instant],
  )
}

function Rights({ of: r }: { of: Schema['PartnerRights'] }) {
  const { t, word, number, instant } = useI18n()
  const parts = [
    ...r.kinds.map((k) => word('publication.kind.', k)),
    ...(r.records ? [t('web.grant.records', { Number: number(r.records) })] : []),
    ...(r.instruments ? [t('web.partner.instruments', { Number: number(r.instruments) })] : []),
  ]
  return (
    <>
      {parts.join(' · ') || t('web.partner.public-only')}
      {r.until && <div className="soft small">{t('web.partner.until', { When: instant(r.until) })}</div>}
    </>
  )
}
