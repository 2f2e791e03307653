import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useMay } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { DossierTag } from './DossierTag'
import { dossiersQuery, type Filter, STATUSES } from './queries'

export function DossiersPage() {
  const search = useSearch({ from: '/house/dossiers' })
  const filter: Filter = { q: search.q, status: STATUSES.find((s) => s === search.status) }
  const navigate = useNavigate()
  const onFilter = ({ q, status }: Filter) => void navigate({ to: '/dossiers', search: { q, status } })
  const may = useMay()
  const { t, word, instant, market, language } = useI18n()
  const [q, setQ] = useState(filter.q ?? '')
  useEffect(() => setQ(filter.q ?? ''), [filter.q])
  const list = useInfiniteQuery(dossiersQuery(filter))
  const items = list.data?.pages.flatMap((p) => p.items) ?? []
  return (
    <>
      <PageHead
        title={t('web.dossiers.title')}
        acts={
          may('dossier:create') && (
            <Button component={Link} to="/dossiers/new" leftSection={<IconPlus size={18} aria-hidden />}>
              {t('web.dossiers.new')}
            </Button>
          )
        }
      />
      <section className="panel">
        <form
          className="toolbar"
          onSubmit={(e) => {
            e.preventDefault()
            onFilter({ ...filter, q: q.trim() || undefined })
          }}
        >
          <TextInput
            type="search"
            aria-label={t('web.dossiers.search')}
            placeholder={t('web.dossiers.search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={q}
            onChange={(e) => setQ(e.currentTarget.value)}
            style={{ flex: '1 1 240px' }}
          />
          <NativeSelect
            aria-label={t('web.registrations.status')}
            value={filter.status ?? ''}
            onChange={(e) => onFilter({ ...filter, status: STATUSES.find((s) => s === e.currentTarget.value) })}
            data={[
              { value: '', label: t('web.registrations.anyStatus') },
              ...STATUSES.map((s) => ({ value: s, label: word('dossier.status.', s) })),
            ]}
          />
          <Button type="submit" variant="default">
            {t('web.search')}
          </Button>
        </form>
        <ProblemAlert error={list.error} retry={() => void list.refetch()} />
        {list.isSuccess && items.length === 0 && (
          <Empty title={filter.q || filter.status ? t('web.dossiers.none') : t('web.dossiers.empty')} />
        )}
        {items.length > 0 && (
          <div className="table-wrap">
            <table className="table">
              <caption className="sr-only">{t('web.dossiers.title')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('web.registration.name')}</th>
                  <th scope="col">{t('paper.market')}</th>
                  <th scope="col">{t('paper.languages')}</th>
                  <th scope="col">{t('paper.number')}</th>
                  <th scope="col">{t('web.registration.status')}</th>
                  <th scope="col">{t('web.changedAt')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((d) => (
                  <tr key={d.id}>
                    <td>
                      <Link to="/dossiers/$id" params={{ id: d.id }}>
                        <bdi>{d.registrationName}</bdi>
                      </Link>
                    </td>
                    <td>{market(d.market)}</td>
                    <td>{d.languages.map(language).join(' · ')}</td>
                    <td>
                      <bdi>{d.number ?? '–'}</bdi>
                    </td>
                    <td>
                      <DossierTag status={d.status} />
                    </td>
                    <td>{instant(d.updatedAt)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {list.hasNextPage && (
          <div className="table-foot">
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('web.more')}
            </Button>
          </div>
        )}
      </section>
    </>
  )
}
