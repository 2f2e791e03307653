import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { FactList } from '../../ui/FactList'
import { FiledName } from '../../ui/FiledName'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Call, callQuery } from './calls'
import { CLAIM, type Claim, claimQuery, type Payment, paymentsQuery, refuse, reverse } from './claims'
import { CostLine } from './FormPanels'
import { PayDialog } from './PayDialog'
import { linkToReceipt, receiptsQuery } from './papers'
import { ReasonDialog } from './ReasonDialog'

const route = getRouteApi('/house/promotion-claims/$id')

/** What is asked for with receipts, and what was paid. */
export function ClaimPage() {
  const { id } = route.useParams()
  const { t, word } = useI18n()
  const { data: c, error, refetch } = useQuery(claimQuery(id))
  const { data: p } = useQuery({ ...callQuery(c?.programmeId ?? ''), enabled: c !== undefined })
  const crumb = (
    <Link to="/promotion-claims" className="crumb">
      <Back>{t('web.promotion.claims')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.promotion.claims')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!c || !p) return <Skeleton h={420} radius={14} />
  return (
    <>
      <PageHead
        title={c.name}
        crumb={crumb}
        tag={<Tag tone={CLAIM[c.status]}>{word('promotion-claim.status.', c.status)}</Tag>}
        lead={<bdi className="mono">{c.number}</bdi>}
        acts={<Acts of={c} />}
      />
      <div className="grid">
        <div className="stack w8">
          <Receipts of={c} call={p.call} />
          <Payments of={c} />
        </div>
        <div className="stack w4">
          <Facts of={c} />
        </div>
      </div>
    </>
  )
}

function Acts({ of: c }: { of: Claim }) {
  const { t } = useI18n()
  const [dialog, setDialog] = useState<'pay' | 'refuse'>()
  const close = () => setDialog(undefined)
  return (
    <>
      {c.allowed.includes('refuse') && (
        <Button variant="outline" color="rose" onClick={() => setDialog('refuse')}>
          {t('web.promotion.refuse')}
        </Button>
      )}
      {c.allowed.includes('pay') && <Button onClick={() => setDialog('pay')}>{t('web.promotion.pay')}</Button>}
      {dialog === 'pay' && <PayDialog of={c} onClose={close} />}
      {dialog === 'refuse' && (
        <ReasonDialog
          danger
          title={t('web.promotion.refuse')}
          note={t('web.promotion.refuse-note')}
          run={(reason) => refuse(c, reason)}
          onClose={close}
        />
      )}
    </>
  )
}

function Facts({ of: c }: { of: Claim }) {
  const { t, money, instant } = useI18n()
  return (
    <Panel title={t('web.promotion.reckoning')}>
      <FactList
        of={[
          [t('web.promotion.amount'), money(c.amount, c.currency)],
          [t('web.promotion.paid'), money(c.paid, c.currency)],
          [t('web.promotion.submitted-at'), instant(c.createdAt)],
          [t('web.promotion.note'), c.note],
          [t('web.promotion.refused-why'), c.decision],
          [t('web.promotion.application'), <ApplicationOf key="of" of={c} />],
        ]}
      />
    </Panel>
  )
}

/** A claim names its award; the application is found by its number. */
function ApplicationOf({ of: c }: { of: Claim }) {
  return (
    <Link to="/promotion-applications" search={{ q: c.number }}>
      <bdi className="mono">{c.number}</bdi>
    </Link>
  )
}

function Receipts({ of: c, call }: { of: Claim; call: Call }) {
  const { t, day } = useI18n()
  const { data, error } = useQuery(receiptsQuery(c.id))
  const file = (documentId?: string) => {
    const found = data?.find((f) => f.documentId === documentId)
    return found && <FiledName of={found} link={(id) => linkToReceipt(c.id, id)} />
  }
  return (
    <Panel title={t('web.promotion.receipts')}>
      <ProblemAlert error={error} />
      <ul className="list">
        {c.receipts.map((r, i) => (
          <CostLine key={i} of={r} call={call}>
            {t('web.promotion.receipt-of', { Number: r.number, Day: day(r.issuedOn) })}
            {r.documentId && <> {file(r.documentId)}</>}
          </CostLine>
        ))}
      </ul>
    </Panel>
  )
}

function Payments({ of: c }: { of: Claim }) {
  const { t } = useI18n()
  const reads = may(useSession(), 'promotion-payment:read')
  const { data = [], error } = useQuery({ ...paymentsQuery(c.id), enabled: reads })
  const [reversing, setReversing] = useState<Payment>()
  return (
    <Panel title={t('web.promotion.payments')}>
      <ProblemAlert error={error} />
      {!error && data.length === 0 && <p className="soft">{t('web.promotion.payments-none')}</p>}
      <ul className="list">
        {data.map((x) => (
          <Entry key={x.id} of={x} onReverse={c.allowed.includes('reverse') ? setReversing : undefined} />
        ))}
      </ul>
      {reversing && (
        <ReasonDialog
          danger
          title={t('web.dues.reverse')}
          note={t('web.promotion.reverse-note')}
          run={(reason) => reverse(c, reversing.id, reason)}
          onClose={() => setReversing(undefined)}
        />
      )}
    </Panel>
  )
}

function Entry({ of: x, onReverse }: { of: Payment; onReverse?: (x: Payment) => void }) {
  const { t, word, day, money, instant } = useI18n()
  return (
    <li>
      <span>
        {day(x.paidOn)} <span className="soft">{word('promotion.source.', x.source)}</span>
      </span>
      {x.reverses && <Tag tone="warn">{t('web.promotion.reversal')}</Tag>}
      {x.reversed && <span className="soft">{t('web.dues.reversed')}</span>}
      <span className="end row">
        <span className="nums">{money(x.amount, x.currency)}</span>
        {onReverse && !x.reverses && !x.reversed && (
          <Button size="compact-xs" variant="default" onClick={() => onReverse(x)}>
            {t('web.dues.reverse')}
          </Button>
        )}
      </span>
      <span className="sub">
        {[x.reference, x.reason].filter(Boolean).join(' · ')}{' '}
        {t('web.history.recorded', { Name: x.recordedName, When: instant(x.recordedAt) })}
      </span>
    </li>
  )
}
