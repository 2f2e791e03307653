import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { RegistrationName } from '../../ui/RegistrationSelect'
import { Tag } from '../../ui/Tag'
import { Of } from './Of'
import { STATUS } from './queries'
import { type Asked, type UsageProducer, usersQuery } from './usage'

const FIELDS = 'creditCode,name,township,exports,using,marks,held,lastUsedOn,status,next,excluded'.split(',')

type Chosen = { township?: string; exports?: boolean; using?: boolean }
type Props = { asked: Asked; chosen: Chosen; onAll: () => void; children: ReactNode }

/** Whom the rate counts; of those that do not use the mark, what is to be done next. */
export function UsersPanel({ asked, chosen, onAll, children }: Props) {
  const { t } = useI18n()
  return (
    <ListPanel
      ordered
      title={t('web.mark-usage.producers')}
      aside={
        <ExportMenu list={{ path: '/api/v1/mark-usage/producers', filter: { ...asked, ...chosen }, fields: FIELDS }} />
      }
      filter={{ ...asked, ...chosen }}
      query={(cursor) => usersQuery(asked, chosen, cursor)}
      columns={useColumns(!asked.registrationId)}
      caption={t('web.mark-usage.producers')}
      empty={t('web.producers.empty')}
    >
      {children}
      {chosen.township && (
        <Of onAll={onAll}>
          <bdi>{chosen.township}</bdi>
        </Of>
      )}
    </ListPanel>
  )
}

function useColumns(ofAll: boolean): Column<UsageProducer>[] {
  const { t, word, day, number } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.producers.name'),
        cell: (p) => (
          <>
            <bdi>{p.name}</bdi>
            <div className="soft small mono">
              <bdi>{p.creditCode}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'registration',
        header: t('web.special-marks.registration'),
        has: () => ofAll,
        cell: (p) => <RegistrationName id={p.registrationId} />,
      },
      {
        id: 'township',
        header: t('web.special-marks.township'),
        has: (p) => p.township !== '' || p.exports,
        cell: (p) => (
          <>
            <bdi>{p.township}</bdi>
            {p.exports && <div className="soft small">{t('web.special-marks.exports')}</div>}
          </>
        ),
      },
      {
        id: 'next',
        header: t('web.mark-usage.next'),
        cell: (p) =>
          p.excluded ? (
            <span className="soft">
              {t('web.producers.not-counted')}: <bdi>{p.excluded}</bdi>
            </span>
          ) : (
            <Next of={p} />
          ),
      },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        has: (p) => p.status !== undefined,
        cell: (p) => p.status && <Tag tone={STATUS[p.status].tone}>{word('mark-authorisation.status.', p.status)}</Tag>,
      },
      { id: 'marks', header: t('web.mark-usage.marks'), num: true, cell: (p) => number(p.marks) },
      { id: 'held', header: t('web.mark-usage.held'), num: true, cell: (p) => number(p.held) },
      {
        id: 'last',
        header: t('web.mark-usage.last'),
        tight: true,
        has: (p) => p.lastUsedOn !== undefined,
        cell: (p) => p.lastUsedOn && day(p.lastUsedOn),
      },
    ],
    [t, word, day, number, ofAll],
  )
}

/** The next step of a producer, as a way to where it is done. */
function Next({ of: p }: { of: UsageProducer }) {
  const { t, word } = useI18n()
  if (!p.next) return <Tag tone="ok">{t('web.mark-usage.who-uses')}</Tag>
  const words = word('mark-usage.next.', p.next)
  if (p.next === 'apply') {
    const search = { registration: p.registrationId, code: p.creditCode, name: p.name }
    return (
      <Link to="/mark-authorisations/new" search={search}>
        {words}
      </Link>
    )
  }
  if (p.next === 'issue') {
    return (
      <Link to="/mark-batches" search={{ registrationId: p.registrationId }}>
        {words}
      </Link>
    )
  }
  if (!p.authorisationId) return <>{words}</>
  return (
    <Link to="/mark-authorisations/$id" params={{ id: p.authorisationId }}>
      {words}
    </Link>
  )
}
