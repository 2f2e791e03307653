import { Button, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ChangePerson, NewPerson } from './PersonDialog'
import { changed, disablePerson, enablePerson, type Person, peopleQuery, rolesQuery, unitsQuery } from './queries'

const route = getRouteApi('/house/people')
const NONE: Person[] = []

/** Who works here, with which roles and for which units. */
export function PeoplePage() {
  const { t } = useI18n()
  const session = useSession()
  const { q } = route.useSearch()
  const navigate = route.useNavigate()
  const cursors = useCursors(q ?? '')
  const { data, error, isFetching, refetch } = useQuery(peopleQuery(q, cursors.cursor))
  const [making, setMaking] = useState(false)
  const [changing, setChanging] = useState<string>()
  const columns = useColumns(setChanging)
  const find = useDebouncedCallback(
    (words: string) => void navigate({ search: words ? { q: words } : {}, replace: true }),
    300,
  )
  return (
    <>
      <PageHead
        title={t('web.people.nav')}
        lead={t('web.people.lead')}
        acts={
          may(session, 'person:create') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
              {t('web.person.new')}
            </Button>
          )
        }
      />
      <Panel>
        <search className="toolbar">
          <TextInput
            type="search"
            w={300}
            defaultValue={q}
            leftSection={<IconSearch size={16} aria-hidden />}
            label={t('web.people.search')}
            onChange={(e) => find(e.currentTarget.value)}
          />
        </search>
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.people.nav')}
          busy={isFetching}
          whole={cursors.page === 1 && !data?.next}
          empty={<Empty title={t('web.list.nothing-found')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
      {making && <NewPerson onClose={() => setMaking(false)} />}
      {changing && <ChangePerson id={changing} onClose={() => setChanging(undefined)} />}
    </>
  )
}

function useColumns(onChange: (id: string) => void): Column<Person>[] {
  const { t, word, text, instant } = useI18n()
  const session = useSession()
  const { data: roles } = useQuery({ ...rolesQuery, enabled: may(session, 'role:read') })
  const { data: units } = useQuery({ ...unitsQuery, enabled: may(session, 'unit:read') })
  return useMemo(() => {
    const roleTitle = (slug: string) => roles?.items.find((r) => r.slug === slug)?.title ?? word('role.', slug)
    const unitName = (slug: string) => text(units?.items.find((u) => u.slug === slug)?.names) || slug
    return [
      {
        id: 'name',
        header: t('web.person.name'),
        by: (r) => r.name,
        cell: (r) => (
          <>
            <bdi>{r.name}</bdi> {r.disabled && <Tag tone="bad">{t('web.person.disabled')}</Tag>}
            <div className="soft small">
              <bdi>{r.email}</bdi>
            </div>
          </>
        ),
      },
      { id: 'roles', header: t('web.person.roles'), cell: (r) => r.roles.map(roleTitle).join(', ') },
      { id: 'units', header: t('web.person.units'), cell: (r) => r.units.map(unitName).join(', ') },
      {
        id: 'seen',
        header: t('web.person.seen'),
        tight: true,
        by: (r) => r.lastSeenAt ?? '',
        cell: (r) => (r.lastSeenAt ? instant(r.lastSeenAt) : '—'),
      },
      { id: 'acts', header: t('web.acts'), tight: true, cell: (r) => <Acts person={r} onChange={onChange} /> },
    ]
  }, [t, word, text, instant, roles, units, onChange])
}

function Acts({ person: p, onChange }: { person: Person; onChange: (id: string) => void }) {
  const { t } = useI18n()
  const refused = useRefused()
  const turn = useMutation({
    mutationFn: () => (p.disabled ? enablePerson(p.id) : disablePerson(p.id)),
    onSuccess: () => changed('people'),
    onError: refused,
  })
  return (
    <div className="row">
      {p.allowed.includes('update') && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('web.person.change-this', { Name: p.name })}
          onClick={() => onChange(p.id)}
        >
          {t('web.change')}
        </Button>
      )}
      {(p.allowed.includes('disable') || p.allowed.includes('enable')) && (
        <Button
          size="compact-sm"
          variant="subtle"
          color={p.disabled ? 'river' : 'rose'}
          loading={turn.isPending}
          onClick={() => turn.mutate()}
        >
          {t(p.disabled ? 'web.person.enable' : 'web.person.disable')}
        </Button>
      )}
    </div>
  )
}
