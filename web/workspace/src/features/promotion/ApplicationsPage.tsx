import { getRouteApi } from '@tanstack/react-router'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { useApplicationColumns } from './applicationColumns'
import { applicationsQuery, type Filter, STAGES } from './applications'
import { WHOSE } from './calls'

const route = getRouteApi('/house/promotion-applications')

/** Applications of the house, and those to its calls. */
export function ApplicationsPage() {
  const { t } = useI18n()
  const search = route.useSearch()
  const status = oneOf(STAGES, search.status)
  const whose = oneOf(WHOSE, search.whose)
  const filter: Filter = {
    ...(search.q && { q: search.q }),
    ...(search.programmeId && { programmeId: search.programmeId }),
    ...(status && { status }),
    ...(whose && { own: whose === 'own' }),
  }
  return (
    <>
      <PageHead title={t('web.promotion.applications')} lead={t('web.promotion.applications-lead')} />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => applicationsQuery(filter, cursor)}
        columns={useApplicationColumns()}
        caption={t('web.promotion.applications')}
        empty={t('web.promotion.applications-empty')}
      >
        <Fields />
      </ListPanel>
    </>
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.promotion.applications-find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.promotion.state')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STAGES}
        name={(stage) => word('promotion-application.status.', stage)}
      />
      <ChoiceField
        label={t('web.promotion.applicant')}
        value={search.whose}
        onSay={(whose) => say({ whose })}
        words={WHOSE}
        name={(whose) => word('web.promotion.whose.', whose)}
      />
    </>
  )
}
