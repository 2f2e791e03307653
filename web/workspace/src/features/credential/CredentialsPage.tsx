import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { type Credential, credentialsQuery, type Filter, KINDS, oneOf, RECORDS, STATUS, STATUSES } from './queries'

const route = getRouteApi('/house/credentials')

/** What this tenant attested, and whether it still holds. */
export function CredentialsPage() {
  const { t } = useI18n()
  const search = route.useSearch()
  const kind = oneOf(KINDS, search.kind)
  const status = oneOf(STATUSES, search.status)
  const filter: Filter = {
    ...(kind && { kind }),
    ...(status && { status }),
    ...(search.recordId && { recordId: search.recordId }),
  }
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('web.credentials.nav')} lead={t('web.credentials.lead')} />
      <ListPanel
        filter={filter}
        query={(cursor) => credentialsQuery(filter, cursor)}
        columns={columns}
        caption={t('web.credentials.nav')}
        empty={t('web.credentials.empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

function useColumns(): Column<Credential>[] {
  const { t, word, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'number',
        header: t('web.credential.number'),
        by: (r) => r.number,
        cell: (r) => (
          <Link to="/credentials/$id" params={{ id: r.id }}>
            <bdi className="mono">{r.number}</bdi>
          </Link>
        ),
      },
      {
        id: 'record',
        header: t('web.credential.record'),
        by: (r) => r.title,
        cell: (r) => {
          const kind = oneOf(KINDS, r.kind)
          return (
            <>
              {kind ? (
                <Link to={RECORDS[kind]} params={{ id: r.recordId }}>
                  <bdi>{r.title}</bdi>
                </Link>
              ) : (
                <bdi>{r.title}</bdi>
              )}
              <div className="soft small">{word('publication.kind.', r.kind)}</div>
            </>
          )
        },
      },
      {
        id: 'status',
        header: t('web.credential.status'),
        tight: true,
        by: (r) => STATUSES.indexOf(r.status),
        cell: (r) => <Tag tone={STATUS[r.status]}>{word('credential.status.', r.status)}</Tag>,
      },
      { id: 'officer', header: t('web.credential.officer'), by: (r) => r.officer, cell: (r) => <bdi>{r.officer}</bdi> },
      {
        id: 'issued',
        header: t('web.credential.issued'),
        tight: true,
        by: (r) => r.issuedAt,
        cell: (r) => instant(r.issuedAt),
      },
    ],
    [t, word, instant],
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say } = useSay<typeof search>()
  return (
    <>
      <ChoiceField
        label={t('web.credential.kind')}
        value={search.kind}
        onSay={(kind) => say({ kind })}
        words={KINDS}
        name={(kind) => word('publication.kind.', kind)}
      />
      <ChoiceField
        label={t('web.credential.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('credential.status.', status)}
      />
      {search.recordId && (
        <Link to="/credentials" className="small" style={{ alignSelf: 'end', paddingBlockEnd: 10 }}>
          {t('web.credentials.of-all')}
        </Link>
      )}
    </>
  )
}
