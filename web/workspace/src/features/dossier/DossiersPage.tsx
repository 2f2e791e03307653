import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { dossiersQuery, type Filter, isStatus, STATUS, STATUSES } from './queries'

type Row = Schema['DossierSummary']
const route = getRouteApi('/house/dossiers')

export function DossiersPage() {
  const { t } = useI18n()
  const session = useSession()
  const { q, status } = route.useSearch()
  const filter: Filter = { ...(q && { q }), ...(isStatus(status) && { status }) }
  const columns = useColumns()
  const create = may(session, 'dossier:create') && (
    <LinkButton to="/dossiers/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('web.dossier.new')}
    </LinkButton>
  )
  return (
    <>
      <PageHead title={t('web.dossiers.nav')} lead={t('web.dossiers.lead')} acts={create} />
      <ListPanel
        filter={filter}
        query={(cursor) => dossiersQuery(filter, cursor)}
        columns={columns}
        caption={t('web.dossiers.nav')}
        empty={t('web.dossiers.empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

function useColumns(): Column<Row>[] {
  const { t, word, market, language, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.registration.name'),
        by: (r) => r.registrationName,
        cell: (r) => (
          <Link to="/dossiers/$id" params={{ id: r.id }}>
            <bdi>{r.registrationName}</bdi>
          </Link>
        ),
      },
      { id: 'market', header: t('web.dossier.market'), by: (r) => market(r.market), cell: (r) => market(r.market) },
      {
        id: 'status',
        header: t('web.dossier.status'),
        tight: true,
        by: (r) => STATUSES.indexOf(r.status),
        cell: (r) => <Tag tone={STATUS[r.status].tone}>{word('dossier.status.', r.status)}</Tag>,
      },
      { id: 'languages', header: t('web.dossier.languages'), cell: (r) => r.languages.map(language).join(', ') },
      { id: 'number', header: t('web.dossier.number'), tight: true, cell: (r) => <bdi>{r.number}</bdi> },
      {
        id: 'updated',
        header: t('web.updated'),
        tight: true,
        by: (r) => r.updatedAt,
        cell: (r) => instant(r.updatedAt),
      },
    ],
    [t, word, market, language, instant],
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.dossiers.search')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.dossier.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('dossier.status.', status)}
      />
    </>
  )
}
