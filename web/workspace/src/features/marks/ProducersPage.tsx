import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { Back, PageHead } from '../../ui/Page'
import { RegistrationName } from '../../ui/RegistrationSelect'
import { Of } from './Of'
import { ProducerDialog } from './ProducerDialog'
import { ProducersImportDialog } from './ProducersImportDialog'
import { type Producer, type ProducerFilter, producersQuery } from './usage'

const route = getRouteApi('/house/mark-producers')
const FIELDS = 'creditCode,name,township,exports,listedOn,endedOn,excluded,source,updatedName,updatedAt'.split(',')
const YES_NO = ['true', 'false'] as const

type Dialog = 'import' | { id?: string }

/** The producers that could use a mark: whom the usage rate counts, and whom it does not and why. */
export function ProducersPage() {
  const { t } = useI18n()
  const session = useSession()
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  const { exports, counted, ...said } = route.useSearch()
  const filter: ProducerFilter = {
    ...said,
    ...(oneOf(YES_NO, exports) && { exports: exports === 'true' }),
    ...(oneOf(YES_NO, counted) && { counted: counted === 'true' }),
  }
  return (
    <>
      <PageHead
        title={t('web.producers.nav')}
        lead={t('web.producers.lead')}
        crumb={
          <Link
            to="/mark-usage"
            search={said.registrationId ? { registrationId: said.registrationId } : {}}
            className="crumb"
          >
            <Back>{t('web.mark-usage.nav')}</Back>
          </Link>
        }
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-producers', filter, fields: FIELDS }} />
            {may(session, 'mark-producer:import') && (
              <Button variant="default" onClick={() => setDialog('import')}>
                {t('web.import.nav')}
              </Button>
            )}
            {may(session, 'mark-producer:create') && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({})}>
                {t('web.producers.new')}
              </Button>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => producersQuery(filter, cursor)}
        columns={useColumns((id) => setDialog({ id }))}
        caption={t('web.producers.nav')}
        empty={t('web.producers.empty')}
      >
        <Fields />
      </ListPanel>
      {dialog === 'import' && <ProducersImportDialog registrationId={said.registrationId} onClose={close} />}
      {dialog && dialog !== 'import' && (
        <ProducerDialog id={dialog.id} registrationId={said.registrationId} onClose={close} />
      )}
    </>
  )
}

function useColumns(onOpen: (id: string) => void): Column<Producer>[] {
  const { t, day } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.producers.name'),
        cell: (p) => (
          <>
            <button type="button" className="link" onClick={() => onOpen(p.id)}>
              <bdi>{p.name}</bdi>
            </button>
            <div className="soft small mono">
              <bdi>{p.creditCode}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'registration',
        header: t('web.special-marks.registration'),
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
      { id: 'listed', header: t('web.producers.listed-on'), tight: true, cell: (p) => day(p.listedOn) },
      {
        id: 'ended',
        header: t('web.producers.ended-on'),
        tight: true,
        has: (p) => p.endedOn !== undefined,
        cell: (p) => p.endedOn && day(p.endedOn),
      },
      {
        id: 'excluded',
        header: t('web.producers.excluded'),
        has: (p) => p.excluded !== undefined,
        cell: (p) => <bdi>{p.excluded}</bdi>,
      },
      { id: 'source', header: t('web.producers.source'), cell: (p) => <bdi className="small">{p.source}</bdi> },
    ],
    [t, day, onOpen],
  )
}

function Fields() {
  const { t } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  const yesNo = (value: string) => t(value === 'true' ? 'web.yes' : 'web.no')
  return (
    <>
      <SearchField label={t('web.special-marks.find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.special-marks.exports')}
        value={search.exports}
        onSay={(exports) => say({ exports })}
        words={YES_NO}
        name={yesNo}
      />
      <ChoiceField
        label={t('web.mark-usage.counted')}
        value={search.counted}
        onSay={(counted) => say({ counted })}
        words={YES_NO}
        name={yesNo}
      />
      {search.township && (
        <Of onAll={() => say({ township: undefined })}>
          <bdi>{search.township}</bdi>
        </Of>
      )}
      {search.registrationId && (
        <Of onAll={() => say({ registrationId: undefined })}>
          <RegistrationName id={search.registrationId} />
        </Of>
      )}
    </>
  )
}
