import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import { UploadField } from '../../ui/UploadField'
import { changed, type Document, documentsQuery, type Filter, isStatus, STATUS, STATUSES } from './queries'

const route = getRouteApi('/house/documents')

export function DocumentsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { q, status } = route.useSearch()
  const filter: Filter = { ...(q && { q }), ...(isStatus(status) && { status }) }
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('web.documents.nav')} lead={t('web.documents.lead')} />
      <div className="stack">
        {may(session, 'document:upload') && (
          <Panel title={t('web.upload.title')}>
            <UploadField
              many
              label={t('web.upload.label')}
              hint={t('web.upload.hint')}
              onUploaded={() => void changed()}
            />
          </Panel>
        )}
        <ListPanel
          filter={filter}
          query={(cursor) => documentsQuery(filter, cursor)}
          columns={columns}
          caption={t('web.documents.nav')}
          empty={t('web.documents.empty')}
        >
          <Fields />
        </ListPanel>
      </div>
    </>
  )
}

function useColumns(): Column<Document>[] {
  const { t, word, bytes, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.document.name'),
        by: (r) => r.filename,
        cell: (r) => (
          <Link to="/documents/$id" params={{ id: r.id }}>
            <bdi>{r.filename}</bdi>
          </Link>
        ),
      },
      {
        id: 'status',
        header: t('web.document.status'),
        tight: true,
        by: (r) => r.status,
        cell: (r) => <Tag tone={STATUS[r.status]}>{word('document.status.', r.status)}</Tag>,
      },
      { id: 'purpose', header: t('web.document.purpose'), cell: (r) => word('annex.kind.', r.purpose) },
      { id: 'size', header: t('web.document.size'), num: true, by: (r) => r.size, cell: (r) => bytes(r.size) },
      { id: 'version', header: t('web.document.version'), num: true, cell: (r) => number(r.version) },
      {
        id: 'updated',
        header: t('web.updated'),
        tight: true,
        by: (r) => r.updatedAt,
        cell: (r) => instant(r.updatedAt),
      },
    ],
    [t, word, bytes, number, instant],
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.documents.search')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.document.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('document.status.', status)}
      />
    </>
  )
}
