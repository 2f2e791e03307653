import { TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { RegistrationName } from '../../ui/RegistrationSelect'
import { Tag } from '../../ui/Tag'
import { LookupPanel } from './LookupPanel'
import { type Batch, type BatchFilter, batchesQuery, PLACES } from './ledger'
import { Of } from './Of'
import { HolderName } from './Where'

const route = getRouteApi('/house/mark-batches')
const FIELDS = 'code,registrationId,authorisationId,design,printer,count,balances,createdName,createdAt'.split(',')

/** The marks that were ordered, and where they are now. */
export function BatchesPage() {
  const { t } = useI18n()
  const session = useSession()
  const { code, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageHead
        title={t('web.batches.nav')}
        lead={t('web.batches.lead')}
        acts={
          <>
            <LinkButton variant="default" to="/mark-moves">
              {t('web.ledger.nav')}
            </LinkButton>
            {may(session, 'mark-image:read') && (
              <LinkButton variant="default" to="/mark-images">
                {t('web.mark-images.nav')}
              </LinkButton>
            )}
            <ExportMenu list={{ path: '/api/v1/mark-batches', filter, fields: FIELDS }} />
            {may(session, 'mark-batch:order') && (
              <LinkButton to="/mark-batches/new" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('web.batches.order')}
              </LinkButton>
            )}
          </>
        }
      />
      <div className="stack">
        <LookupPanel
          code={code ?? ''}
          onAsk={(typed) => void navigate({ search: { ...filter, ...(typed && { code: typed }) }, replace: true })}
        />
        <ListPanel
          ordered
          filter={filter}
          query={(cursor) => batchesQuery(filter, cursor)}
          columns={useColumns()}
          caption={t('web.batches.nav')}
          empty={t('web.batches.empty')}
        >
          <Fields filter={filter} />
        </ListPanel>
      </div>
    </>
  )
}

function useColumns(): Column<Batch>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'design',
        header: t('web.batches.design'),
        cell: (b) => (
          <>
            <Link to="/mark-batches/$id" params={{ id: b.id }}>
              <bdi>{b.design}</bdi>
            </Link>
            <div className="soft small">
              <bdi>{b.printer}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'for',
        header: t('web.special-marks.registration'),
        cell: (b) => (
          <>
            <RegistrationName id={b.registrationId} />
            {b.authorisationId && (
              <div className="small">
                <HolderName id={b.authorisationId} />
              </div>
            )}
          </>
        ),
      },
      { id: 'count', header: t('web.batches.count'), num: true, cell: (b) => number(b.count) },
      {
        id: 'where',
        header: t('web.batches.where'),
        cell: (b) => (
          <span className="row" style={{ gap: 6 }}>
            {b.balances.map((sum) => (
              <Tag key={sum.kind} tone={PLACES[sum.kind]}>
                {word('mark-batch.place.', sum.kind)} {number(sum.count)}
              </Tag>
            ))}
          </span>
        ),
      },
      { id: 'made', header: t('web.batches.ordered-at'), tight: true, cell: (b) => instant(b.createdAt) },
    ],
    [t, word, number, instant],
  )
}

function Fields({ filter }: { filter: BatchFilter }) {
  const { t } = useI18n()
  const { say, later } = useSay<BatchFilter>()
  return (
    <>
      <TextInput
        w={260}
        maxLength={200}
        label={t('web.batches.printer')}
        description={t('web.batches.printer-whole')}
        defaultValue={filter.printer ?? ''}
        onChange={(e) => later({ printer: e.currentTarget.value })}
      />
      {filter.registrationId && (
        <Of onAll={() => say({ registrationId: undefined })}>
          <RegistrationName id={filter.registrationId} />
        </Of>
      )}
      {filter.authorisationId && (
        <Of onAll={() => say({ authorisationId: undefined })}>
          <HolderName id={filter.authorisationId} />
        </Of>
      )}
    </>
  )
}
