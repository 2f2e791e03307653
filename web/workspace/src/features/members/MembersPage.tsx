import { Button } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { keep } from '../../api/download'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { FormsMenu } from '../../ui/ExportMenu'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { ChangesPanel } from './ChangesPanel'
import { STANDING, STANDINGS } from './dues'
import { ImportDialog } from './ImportDialog'
import { CATEGORIES, exportAddress, type Filter, membersQuery, STATUSES, type Summary, TONE } from './queries'
import { RuleDialog } from './RuleDialog'

const FILES = ['xlsx', 'csv'] as const

const route = getRouteApi('/house/members')

/** Who belongs to the association, and who asks to. */
export function MembersPage() {
  const { t } = useI18n()
  const session = useSession()
  const [dialog, setDialog] = useState<'import' | 'rule'>()
  const close = () => setDialog(undefined)
  const search = route.useSearch()
  const category = oneOf(CATEGORIES, search.category)
  const status = oneOf(STATUSES, search.status)
  const standing = oneOf(STANDINGS, search.standing)
  const filter: Filter = {
    ...(search.q && { q: search.q }),
    ...(category && { category }),
    ...(status && { status }),
    ...(standing && { standing }),
  }
  return (
    <>
      <PageHead
        title={t('web.members.nav')}
        lead={t('web.members.lead')}
        acts={
          <>
            <Button component="a" variant="default" href={`/associations/${session.tenant.slug}/apply`}>
              {t('web.members.door')}
            </Button>
            {may(session, 'member-rule:read') && (
              <Button variant="default" onClick={() => setDialog('rule')}>
                {t('web.members.rule')}
              </Button>
            )}
            {may(session, 'member:export') && (
              <FormsMenu forms={FILES} take={(form) => keep(exportAddress(filter, form), `members.${form}`)} />
            )}
            {may(session, 'member:import') && (
              <Button
                variant="default"
                leftSection={<IconUpload size={16} aria-hidden />}
                onClick={() => setDialog('import')}
              >
                {t('web.members.import')}
              </Button>
            )}
            {may(session, 'member:create') && <LinkButton to="/members/new">{t('web.members.new')}</LinkButton>}
          </>
        }
      />
      <ChangesPanel />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => membersQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.members.nav')}
        empty={t('web.members.empty')}
      >
        <Fields />
      </ListPanel>
      {dialog === 'import' && <ImportDialog onClose={close} />}
      {dialog === 'rule' && <RuleDialog onClose={close} />}
    </>
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.members.find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.members.category')}
        value={search.category}
        onSay={(category) => say({ category })}
        words={CATEGORIES}
        name={(category) => word('member.category.', category)}
      />
      <ChoiceField
        label={t('web.members.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('member.status.', status)}
      />
      <ChoiceField
        label={t('web.dues.standing')}
        value={search.standing}
        onSay={(standing) => say({ standing })}
        words={STANDINGS}
        name={(standing) => word('dues.standing.', standing)}
      />
    </>
  )
}

function useColumns(): Column<Summary>[] {
  const { t, word, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'number',
        header: t('web.members.number'),
        tight: true,
        cell: (m) => <bdi className="mono">{m.number}</bdi>,
      },
      {
        id: 'name',
        header: t('web.members.name'),
        cell: (m) => (
          <>
            <Link to="/members/$id" params={{ id: m.id }}>
              <bdi>{m.name || t('web.members.erased')}</bdi>
            </Link>
            <div className="soft small mono">
              <bdi>{m.creditCode}</bdi>
            </div>
          </>
        ),
      },
      { id: 'category', header: t('web.members.category'), cell: (m) => word('member.category.', m.category) },
      {
        id: 'area',
        header: t('web.members.area'),
        cell: (m) => m.area && t('web.members.area-of', { Mu: m.area.mu, Hectares: m.area.hectares }),
      },
      {
        id: 'status',
        header: t('web.members.status'),
        tight: true,
        cell: (m) => <Tag tone={TONE[m.status]}>{word('member.status.', m.status)}</Tag>,
      },
      {
        id: 'standing',
        header: t('web.dues.standing'),
        tight: true,
        cell: (m) =>
          m.standing !== 'good' && <Tag tone={STANDING[m.standing]}>{word('dues.standing.', m.standing)}</Tag>,
      },
      { id: 'since', header: t('web.members.since'), tight: true, cell: (m) => day(m.admittedOn ?? m.appliedOn) },
    ],
    [t, word, day],
  )
}
