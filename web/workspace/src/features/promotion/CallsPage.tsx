import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, OfficeField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { callsQuery, type Filter, KINDS, type Programme, STATUSES, TONE, WHOSE } from './calls'
import { Ends } from './Window'

const route = getRouteApi('/house/promotion-programmes')

/** The calls of the house, and those that others published. */
export function CallsPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const status = oneOf(STATUSES, search.status)
  const kind = oneOf(KINDS, search.kind)
  const whose = oneOf(WHOSE, search.whose)
  const filter: Filter = {
    ...(search.q && { q: search.q }),
    ...(status && { status }),
    ...(kind && { kind }),
    ...(search.country && { country: search.country }),
    ...(search.topic && { topic: search.topic }),
    ...(whose && { own: whose === 'own' }),
  }
  return (
    <>
      <PageHead
        title={t('web.promotion.nav')}
        lead={t('web.promotion.lead')}
        acts={
          may(session, 'promotion-programme:create') && (
            <LinkButton to="/promotion-programmes/new">{t('web.promotion.new')}</LinkButton>
          )
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => callsQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.promotion.nav')}
        empty={t('web.promotion.empty')}
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
      <SearchField label={t('web.promotion.find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.promotion.kind')}
        value={search.kind}
        onSay={(kind) => say({ kind })}
        words={KINDS}
        name={(kind) => word('promotion.kind.', kind)}
      />
      <ChoiceField
        label={t('web.promotion.state')}
        value={search.status}
        onSay={(status) => say({ status })}
        words={STATUSES}
        name={(status) => word('promotion-programme.status.', status)}
      />
      <ChoiceField
        label={t('web.promotion.keeper')}
        value={search.whose}
        onSay={(whose) => say({ whose })}
        words={WHOSE}
        name={(whose) => word('web.promotion.whose.', whose)}
      />
      <SearchField label={t('web.promotion.topic')} value={search.topic} onSay={(topic) => later({ topic })} />
      <OfficeField
        label={t('web.promotion.country')}
        placeholder="DE"
        value={search.country}
        onSay={(country) => say({ country })}
      />
    </>
  )
}

function useColumns(): Column<Programme>[] {
  const { t, word, text, market, number } = useI18n()
  return useMemo(
    () => [
      {
        id: 'title',
        header: t('web.promotion.title'),
        cell: (p) => (
          <>
            <Link to="/promotion-programmes/$id" params={{ id: p.id }}>
              <bdi>{text(p.call.titles)}</bdi>
            </Link>
            <div className="soft small">
              <bdi>{text(p.keeper.names) || p.keeper.slug}</bdi>
              {p.mirror && (
                <>
                  {' · '}
                  {t('web.promotion.mirror-of')} <bdi>{text(p.mirror.names)}</bdi>
                </>
              )}
            </div>
          </>
        ),
      },
      { id: 'kind', header: t('web.promotion.kind'), tight: true, cell: (p) => word('promotion.kind.', p.call.kind) },
      {
        id: 'countries',
        header: t('web.promotion.countries'),
        cell: (p) => p.call.countries.map(market).join(' · '),
      },
      { id: 'window', header: t('web.promotion.closes'), cell: (p) => <Ends of={p} /> },
      {
        id: 'places',
        header: t('web.promotion.places'),
        num: true,
        cell: (p) => `${number(p.taken)} / ${number(p.call.places)}`,
      },
      {
        id: 'status',
        header: t('web.promotion.state'),
        tight: true,
        cell: (p) => <Tag tone={TONE[p.status]}>{word('promotion-programme.status.', p.status)}</Tag>,
      },
    ],
    [t, word, text, market, number],
  )
}
