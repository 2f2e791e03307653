import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { UploadField } from '../../ui/UploadField'
import { changed, type Document, documentsQuery, type Filter, isStatus, STATUS, STATUSES } from './queries'

const route = getRouteApi('/house/documents')
const NONE: Document[] = []

export function DocumentsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { q, status } = route.useSearch()
  const filter: Filter = { ...(q && { q }), ...(isStatus(status) && { status }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(documentsQuery(filter, cursors.cursor))
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
        <Panel>
          <Toolbar />
          {error && <ProblemAlert error={error} retry={() => void refetch()} />}
          <DataTable
            columns={columns}
            rows={data?.items ?? NONE}
            rowId={(r) => r.id}
            caption={t('web.documents.nav')}
            busy={isFetching}
            whole={cursors.page === 1 && !data?.next}
            empty={<Empty title={t(q || status ? 'web.list.nothing-found' : 'web.documents.empty')} />}
          />
          <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
        </Panel>
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

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: typeof search) =>
    void navigate({
      search: (before) => {
        const { q, status } = { ...before, ...change }
        return { ...(q && { q }), ...(status && { status }) }
      },
      replace: true,
    })
  const later = useDebouncedCallback(say, 300)
  return (
    <search className="toolbar">
      <TextInput
        type="search"
        w={300}
        defaultValue={search.q}
        leftSection={<IconSearch size={16} aria-hidden />}
        label={t('web.documents.search')}
        onChange={(e) => later({ q: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('web.document.status')}
        value={search.status ?? ''}
        onChange={(e) => say({ status: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...STATUSES.map((value) => ({ value, label: word('document.status.', value) })),
        ]}
      />
    </search>
  )
}
