import { Checkbox, NativeSelect } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Tag } from '../../ui/Tag'
import { DuesYearPanel } from './DuesYearPanel'
import { type Invoice, type InvoiceFilter, invoicesQuery, SORTS, STATE, STATES } from './dues'
import { InvoiceActs } from './InvoiceActs'

const route = getRouteApi('/house/dues')
/** The columns of the list as a file. */
const FIELDS =
  'number,memberNumber,memberName,category,year,kind,title,amount,paid,open,currency,issuedOn,dueOn,state,remindedAt'.split(
    ',',
  )
/** The columns of the payments as a file. */
const PAYMENT_FIELDS = 'paidOn,amount,currency,method,reference,invoiceNumber,memberName,reversed,reason'.split(',')
const THIS_YEAR = new Date().getFullYear()
const YEARS = Array.from({ length: 7 }, (_, i) => String(THIS_YEAR + 1 - i))

/** What members are asked to pay, and what came of it. */
export function DuesPage() {
  const { t } = useI18n()
  const search = route.useSearch()
  const year = oneOf(YEARS, search.year)
  const state = oneOf(STATES, search.state)
  const sort = oneOf(SORTS, search.sort)
  const filter: InvoiceFilter = {
    ...(search.q && { q: search.q }),
    ...(year && { year }),
    ...(state && { state }),
    ...(sort && { sort }),
    ...(search.reminder === 'no-address' && { reminder: search.reminder }),
  }
  return (
    <>
      <PageHead
        title={t('web.dues.nav')}
        lead={t('web.dues.lead')}
        acts={
          <>
            <ExportMenu
              label={t('web.dues.payments-export')}
              list={{ path: '/api/v1/dues-payments', xml: true, filter: {}, fields: PAYMENT_FIELDS }}
            />
            <ExportMenu list={{ path: '/api/v1/dues-invoices', xml: true, filter, fields: FIELDS }} />
          </>
        }
      />
      <div className="stack">
        <DuesYearPanel year={Number(year ?? THIS_YEAR)} />
        <ListPanel
          ordered
          filter={filter}
          query={(cursor) => invoicesQuery(filter, cursor)}
          columns={useColumns()}
          caption={t('web.dues.invoices')}
          empty={t('web.dues.empty')}
        >
          <Fields />
        </ListPanel>
      </div>
    </>
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.dues.find')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.dues.year')}
        value={search.year}
        onSay={(year) => say({ year })}
        words={YEARS}
        name={(year) => year}
      />
      <ChoiceField
        label={t('web.dues.state')}
        value={search.state}
        onSay={(state) => say({ state })}
        words={STATES}
        name={(state) => word('dues.state.', state)}
      />
      <Checkbox
        mt={28}
        label={t('web.dues.unreached')}
        checked={search.reminder === 'no-address'}
        onChange={(e) => say({ reminder: e.currentTarget.checked ? 'no-address' : undefined })}
      />
      <NativeSelect
        label={t('web.dues.order')}
        value={search.sort ?? SORTS[0]}
        onChange={(e) => say({ sort: e.currentTarget.value })}
        data={SORTS.map((sort) => ({ value: sort, label: word('web.dues.sort.', sort) }))}
      />
    </>
  )
}

function useColumns(): Column<Invoice>[] {
  const { t, word, day, money } = useI18n()
  return useMemo(
    () => [
      { id: 'number', header: t('web.dues.number'), tight: true, cell: (i) => <bdi className="mono">{i.number}</bdi> },
      {
        id: 'member',
        header: t('web.members.name'),
        cell: (i) => (
          <>
            <Link to="/members/$id" params={{ id: i.memberId }}>
              <bdi>{i.memberName || t('web.members.erased')}</bdi>
            </Link>
            <div className="soft small">
              <bdi>{i.title ?? t('web.dues.annual', { Year: String(i.year) })}</bdi>
            </div>
          </>
        ),
      },
      { id: 'amount', header: t('web.dues.amount'), num: true, tight: true, cell: (i) => money(i.amount, i.currency) },
      { id: 'open', header: t('web.dues.open'), num: true, tight: true, cell: (i) => money(i.open, i.currency) },
      { id: 'due', header: t('web.dues.due-on'), tight: true, cell: (i) => day(i.dueOn) },
      {
        id: 'state',
        header: t('web.dues.state'),
        tight: true,
        cell: (i) => (
          <>
            <Tag tone={STATE[i.state]}>{word('dues.state.', i.state)}</Tag>
            {i.reminder === 'no-address' && <div className="soft small">{t('web.dues.no-address')}</div>}
          </>
        ),
      },
      { id: 'acts', header: t('web.dues.acts'), tight: true, cell: (i) => <InvoiceActs invoice={i} /> },
    ],
    [t, word, day, money],
  )
}
