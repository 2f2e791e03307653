import { TextInput } from '@mantine/core'
import { IconPlus, IconUpload } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Schema } from '../../api/client'
import { keep } from '../../api/download'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { FormsMenu } from '../../ui/ExportMenu'
import { ChoiceField, OfficeField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { exportAddress, type Filter, isStatus, registrationsQuery, STATUS, STATUSES } from './queries'

type Row = Schema['RegistrationSummary']
const route = getRouteApi('/house/registrations')

function useColumns(): Column<Row>[] {
  const { t, word, market, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'title',
        header: t('web.registration.name'),
        by: (r) => r.title,
        cell: (r) => (
          <>
            <Link to="/registrations/$id" params={{ id: r.id }}>
              <bdi>{r.title}</bdi>
            </Link>
            <div className="soft small">
              {r.names
                .filter((n) => n.text !== r.title)
                .slice(0, 3)
                .map((n, i) => (
                  <span key={i}>
                    {i > 0 && ' · '}
                    <bdi lang={n.language}>{n.text}</bdi>
                  </span>
                ))}
            </div>
          </>
        ),
      },
      {
        id: 'status',
        header: t('web.registration.status'),
        tight: true,
        by: (r) => STATUSES.indexOf(r.status),
        cell: (r) => <Tag tone={STATUS[r.status].tone}>{word('registration.status.', r.status)}</Tag>,
      },
      {
        id: 'office',
        header: t('web.registration.office'),
        by: (r) => market(r.office),
        cell: (r) => market(r.office),
      },
      { id: 'number', header: t('web.registration.number'), by: (r) => r.number, cell: (r) => <bdi>{r.number}</bdi> },
      { id: 'hs', header: t('web.registration.hs'), cell: (r) => <bdi>{r.hsCodes.join(', ')}</bdi> },
      {
        id: 'updated',
        header: t('web.updated'),
        tight: true,
        by: (r) => r.updatedAt,
        cell: (r) => instant(r.updatedAt),
      },
    ],
    [t, word, market, instant],
  )
}

export function RegistrationsPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const { status, ...said } = search
  const filter: Filter = { ...said, ...(isStatus(status) && { status }) }
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('web.registrations.nav')}
        acts={
          <>
            {may(session, 'registration:export') && <Files filter={filter} />}
            {may(session, 'registration:import') && (
              <LinkButton
                to="/registrations/import"
                variant="default"
                leftSection={<IconUpload size={16} aria-hidden />}
              >
                {t('web.import.nav')}
              </LinkButton>
            )}
            {may(session, 'registration:draft') && (
              <LinkButton to="/registrations/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.registration.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <ListPanel
        filter={filter}
        query={(cursor) => registrationsQuery(filter, cursor)}
        columns={columns}
        caption={t('web.registrations.nav')}
        empty={t('web.registrations.empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

/** Files with all of each registration, which an import reads again. */
const FILES = ['xlsx', 'csv', 'ndjson', 'xml'] as const
const Files = ({ filter }: { filter: Filter }) => (
  <FormsMenu forms={FILES} take={(form) => keep(exportAddress(filter, form), `registrations.${form}`)} />
)

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField
        label={t('web.registrations.search')}
        description={t('web.registrations.search-how')}
        value={search.q}
        onSay={(q) => later({ q })}
      />
      <ChoiceField
        label={t('web.registration.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('registration.status.', status)}
      />
      <OfficeField
        label={t('web.registration.office')}
        placeholder="CN"
        value={search.office}
        onSay={(office) => later({ office })}
      />
      <TextInput
        w={140}
        label={t('web.registration.hs')}
        placeholder="1206"
        inputMode="numeric"
        defaultValue={search.hs}
        onChange={(e) => {
          const hs = e.currentTarget.value
          if (/^\d{0,12}$/.test(hs)) later({ hs })
        }}
      />
    </>
  )
}
