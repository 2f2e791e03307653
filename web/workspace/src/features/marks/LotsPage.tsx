import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { Back, PageHead } from '../../ui/Page'
import { Land, Quantity } from './Land'
import { LotDialog } from './LotDialog'
import { type Lot, type LotFilter, lotsQuery } from './lots'
import { Of } from './Of'
import { HolderName } from './Where'

const route = getRouteApi('/house/mark-lots')
const FIELDS = 'authorisationId,number,harvest,quantity,plots,area,declaredBy,declaredOn,version,updatedAt'.split(',')

/** What holders of marks produced, as they declared it. */
export function LotsPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const [dialog, setDialog] = useState<{ id?: string }>()
  const filter: LotFilter = {
    ...(search.q && { q: search.q }),
    ...(search.authorisationId && { authorisationId: search.authorisationId }),
    ...(/^\d{4}$/.test(search.harvest ?? '') && { harvest: search.harvest }),
  }
  return (
    <>
      <PageHead
        title={t('web.lots.nav')}
        lead={t('web.lots.lead')}
        crumb={
          <Link to="/mark-authorisations" className="crumb">
            <Back>{t('web.special-marks.nav')}</Back>
          </Link>
        }
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-lots', filter, fields: FIELDS }} />
            {may(session, 'mark-lot:create') && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({})}>
                {t('web.lots.new')}
              </Button>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => lotsQuery(filter, cursor)}
        columns={useColumns((id) => setDialog({ id }))}
        caption={t('web.lots.nav')}
        empty={t('web.lots.empty')}
      >
        <Fields />
      </ListPanel>
      {dialog && (
        <LotDialog id={dialog.id} authorisationId={search.authorisationId} onClose={() => setDialog(undefined)} />
      )}
    </>
  )
}

function useColumns(onOpen: (id: string) => void): Column<Lot>[] {
  const { t, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'number',
        header: t('web.lots.number'),
        cell: (l) => (
          <button type="button" className="link" onClick={() => onOpen(l.id)}>
            <bdi>{l.number}</bdi>
          </button>
        ),
      },
      {
        id: 'holder',
        header: t('web.special-marks.holder'),
        cell: (l) => <HolderName id={l.authorisationId} />,
      },
      { id: 'harvest', header: t('web.lots.harvest'), tight: true, cell: (l) => l.harvest },
      { id: 'quantity', header: t('web.lots.quantity'), num: true, cell: (l) => <Quantity of={l} /> },
      { id: 'land', header: t('web.lots.land'), cell: (l) => <Land of={l} /> },
      {
        id: 'declared',
        header: t('web.lots.declared-by'),
        cell: (l) => (
          <>
            <bdi>{l.declaredBy}</bdi>
            <div className="soft small">{day(l.declaredOn)}</div>
          </>
        ),
      },
      {
        id: 'version',
        header: t('web.lots.versions'),
        tight: true,
        has: (l) => l.version > 1,
        cell: (l) => l.version > 1 && t('web.lots.version', { Number: l.version }),
      },
    ],
    [t, day, onOpen],
  )
}

function Fields() {
  const { t } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.lots.number')} value={search.q} onSay={(q) => later({ q })} />
      <SearchField
        label={t('web.lots.harvest')}
        value={search.harvest}
        onSay={(harvest) => (harvest === '' || /^\d{4}$/.test(harvest)) && later({ harvest })}
      />
      {search.authorisationId && (
        <Of onAll={() => say({ authorisationId: undefined })}>
          <HolderName id={search.authorisationId} />
        </Of>
      )}
    </>
  )
}
