import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { LEVELS, type Platform, platformsQuery, STANDING_TONE, STANDINGS } from './platforms'

const route = getRouteApi('/house/promotion-platforms')

/** The exchange platforms that the house works with. */
export function PlatformsPage() {
  const { t, word } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  const level = oneOf(LEVELS, search.level)
  const status = oneOf(STANDINGS, search.status)
  const filter = { ...(search.q && { q: search.q }), ...(level && { level }), ...(status && { status }) }
  return (
    <>
      <PageHead
        title={t('web.promotion.platforms')}
        lead={t('web.promotion.platforms-lead')}
        acts={
          may(session, 'promotion-platform:create') && (
            <LinkButton to="/promotion-platforms/new">{t('web.promotion.platform-new')}</LinkButton>
          )
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => platformsQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.promotion.platforms')}
        empty={t('web.promotion.platforms-empty')}
      >
        <SearchField label={t('web.promotion.platforms-find')} value={search.q} onSay={(q) => later({ q })} />
        <ChoiceField
          label={t('web.promotion.level')}
          value={search.level}
          onSay={(level) => say({ level })}
          words={LEVELS}
          name={(level) => word('promotion.level.', level)}
        />
        <ChoiceField
          label={t('web.promotion.state')}
          value={search.status}
          onSay={(status) => say({ status })}
          words={STANDINGS}
          name={(status) => word('promotion-platform.status.', status)}
        />
      </ListPanel>
    </>
  )
}

function useColumns(): Column<Platform>[] {
  const { t, word, text } = useI18n()
  return useMemo(
    () => [
      {
        id: 'names',
        header: t('web.promotion.platform'),
        cell: (p) => (
          <Link to="/promotion-platforms/$id" params={{ id: p.id }}>
            <bdi>{text(p.names)}</bdi>
          </Link>
        ),
      },
      { id: 'level', header: t('web.promotion.level'), tight: true, cell: (p) => word('promotion.level.', p.level) },
      { id: 'region', header: t('web.promotion.region'), cell: (p) => <bdi>{p.region}</bdi> },
      {
        id: 'partner',
        header: t('web.promotion.partner-here'),
        cell: (p) => p.partner && <bdi>{text(p.partner.names) || p.partner.slug}</bdi>,
      },
      {
        id: 'status',
        header: t('web.promotion.state'),
        tight: true,
        cell: (p) => <Tag tone={STANDING_TONE[p.status]}>{word('promotion-platform.status.', p.status)}</Tag>,
      },
    ],
    [t, word, text],
  )
}
