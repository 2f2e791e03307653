import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { RegistrationName } from '../../ui/RegistrationSelect'
import { Tag } from '../../ui/Tag'
import { Of } from './Of'
import { type Authorisation, authorisationsQuery, type Filter, KINDS, STATUS, STATUSES } from './queries'

const route = getRouteApi('/house/mark-authorisations')
/** The columns of the list as a file. */
const FIELDS =
  'creditCode,names.zh-Hans,names.en,kind,status,township,exports,notice,fromOn,endedOn,ground,dueOn,appealUntil'.split(
    ',',
  )
const YES_NO = ['true', 'false'] as const

/** Who may use the special mark, who asks to, and whose use ended. */
export function AuthorisationsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { status, kind, exports, ...said } = route.useSearch()
  const filter: Filter = {
    ...said,
    ...(oneOf(STATUSES, status) && { status: oneOf(STATUSES, status) }),
    ...(oneOf(KINDS, kind) && { kind: oneOf(KINDS, kind) }),
    ...(oneOf(YES_NO, exports) && { exports: exports === 'true' }),
  }
  return (
    <>
      <PageHead
        title={t('web.special-marks.nav')}
        lead={t('web.special-marks.lead')}
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-authorisations', filter, fields: FIELDS }} />
            {may(session, 'mark-lot:read') && (
              <LinkButton variant="default" to="/mark-lots">
                {t('web.lots.nav')}
              </LinkButton>
            )}
            {may(session, 'mark-authorisation:apply') && (
              <LinkButton
                to="/mark-authorisations/new"
                search={said.registrationId ? { registration: said.registrationId } : {}}
                leftSection={<IconPlus size={16} aria-hidden />}
              >
                {t('web.special-marks.new')}
              </LinkButton>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => authorisationsQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.special-marks.nav')}
        empty={t('web.special-marks.empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

function useColumns(): Column<Authorisation>[] {
  const { t, word, day, text } = useI18n()
  return useMemo(
    () => [
      {
        id: 'holder',
        header: t('web.special-marks.holder'),
        cell: (a) => (
          <>
            <Link to="/mark-authorisations/$id" params={{ id: a.id }}>
              <bdi>{text(a.names)}</bdi>
            </Link>
            <div className="soft small mono">
              <bdi>{a.creditCode}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        cell: (a) => <Tag tone={STATUS[a.status].tone}>{word('mark-authorisation.status.', a.status)}</Tag>,
      },
      {
        id: 'registration',
        header: t('web.special-marks.registration'),
        cell: (a) => <RegistrationName id={a.registrationId} />,
      },
      { id: 'kind', header: t('web.special-marks.kind'), cell: (a) => word('mark-authorisation.kind.', a.kind) },
      {
        id: 'township',
        header: t('web.special-marks.township'),
        has: (a) => a.township !== '' || a.exports,
        cell: (a) => (
          <>
            <bdi>{a.township}</bdi>
            {a.exports && <div className="soft small">{t('web.special-marks.exports')}</div>}
          </>
        ),
      },
      {
        id: 'next',
        header: t('web.special-marks.next-day'),
        tight: true,
        has: (a) => Boolean(a.dueOn || a.proposed.length),
        cell: (a) => (
          <>
            {a.dueOn && day(a.dueOn)}
            {a.proposed.map((p) => (
              <div key={p.act}>
                <Tag tone="warn">{word('mark-authorisation.act.', p.act)}</Tag>
              </div>
            ))}
          </>
        ),
      },
      {
        id: 'from',
        header: t('web.special-marks.since'),
        tight: true,
        cell: (a) => day(a.endedOn ?? a.fromOn ?? a.createdAt.slice(0, 10)),
      },
    ],
    [t, word, day, text],
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.special-marks.find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.special-marks.status')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('mark-authorisation.status.', status)}
      />
      <ChoiceField
        label={t('web.special-marks.kind')}
        value={search.kind}
        onSay={(kind) => say({ kind })}
        words={KINDS}
        name={(kind) => word('mark-authorisation.kind.', kind)}
      />
      <ChoiceField
        label={t('web.special-marks.exports')}
        value={search.exports}
        onSay={(exports) => say({ exports })}
        words={YES_NO}
        name={(exports) => t(exports === 'true' ? 'web.yes' : 'web.no')}
      />
      {search.registrationId && (
        <Of onAll={() => say({ registrationId: undefined })}>
          <RegistrationName id={search.registrationId} />
        </Of>
      )}
    </>
  )
}
