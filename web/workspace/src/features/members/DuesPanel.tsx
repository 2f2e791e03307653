import { Button, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { ExportMenu } from '../../ui/ExportMenu'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { PaperButton } from '../../ui/PaperButton'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { today } from '../../ui/today'
import { ask, type Invoice, invoicesQuery, type Payment, paymentsQuery, reverse, STANDING, STATE } from './dues'
import { InvoiceActs } from './InvoiceActs'
import { printStatement } from './meetings'
import { changed, type Member } from './queries'
import { ReasonDialog } from './ReasonDialog'

/** The columns of the statement as a file. */
const FIELDS = 'number,year,kind,title,amount,paid,open,currency,issuedOn,dueOn,state'.split(',')

/** A member's account: what it was asked for, what came, and what is open. */
export function DuesPanel({ member: m }: { member: Member }) {
  const { t, word, money } = useI18n()
  const session = useSession()
  const filter = { memberId: m.id }
  const { data, error } = useQuery(invoicesQuery(filter))
  const { data: payments = [] } = useQuery({ ...paymentsQuery(m.id), enabled: may(session, 'dues-payment:read') })
  const [asking, setAsking] = useState(false)
  return (
    <Panel
      title={t('web.dues.nav')}
      aside={
        <>
          <Tag tone={STANDING[m.standing]}>{word('dues.standing.', m.standing)}</Tag>
          {may(session, 'dues-invoice:create') && !m.erasedAt && (
            <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
              {t('web.dues.ask')}
            </Button>
          )}
        </>
      }
    >
      <ProblemAlert error={error} />
      {data?.items.length === 0 && <p className="soft">{t('web.dues.none')}</p>}
      <ul className="list">
        {data?.items.map((i) => (
          <Line key={i.id} invoice={i} payments={payments.filter((p) => p.invoiceId === i.id)} />
        ))}
      </ul>
      {data && data.items.length > 0 && (
        <div className="row">
          <ExportMenu list={{ path: '/api/v1/dues-invoices', xml: true, filter, fields: FIELDS }} />
          {m.allowed.includes('print') && (
            <PaperButton print={(language) => printStatement(m.id, language)} label={t('web.dues.statement')} />
          )}
          <b className="end">{t('web.dues.open-of', { Amount: money(m.owed, data.items[0]?.currency ?? 'CNY') })}</b>
        </div>
      )}
      {asking && <AskDialog id={m.id} onClose={() => setAsking(false)} />}
    </Panel>
  )
}

function Line({ invoice: i, payments }: { invoice: Invoice; payments: Payment[] }) {
  const { t, word, day, money } = useI18n()
  const [wrong, setWrong] = useState<string>()
  return (
    <li>
      <bdi className="mono">{i.number}</bdi>
      <bdi>{i.title ?? t('web.dues.annual', { Year: String(i.year) })}</bdi>
      <b>{money(i.amount, i.currency)}</b>
      <Tag tone={STATE[i.state]}>{word('dues.state.', i.state)}</Tag>
      <span className="soft small">{t('web.dues.until', { Day: day(i.dueOn) })}</span>
      <div className="end">
        <InvoiceActs invoice={i} />
      </div>
      {i.reason && (
        <span className="sub" dir="auto">
          {i.reason}
        </span>
      )}
      {payments.map((p) => (
        <span key={p.id} className="sub">
          {day(p.paidOn)} · {money(p.amount, p.currency)} · {word('dues.method.', p.method)}
          {p.reference && (
            <>
              {' · '}
              <bdi>{p.reference}</bdi>
            </>
          )}
          {p.reason && (
            <>
              {' · '}
              <bdi>{p.reason}</bdi>
            </>
          )}{' '}
          {p.reversed && t('web.dues.reversed')}
          {i.allowed.includes('reverse') && !p.reversed && !p.reverses && (
            <Button size="compact-xs" variant="subtle" color="rose" onClick={() => setWrong(p.id)}>
              {t('web.dues.reverse')}
            </Button>
          )}
        </span>
      ))}
      {wrong && (
        <ReasonDialog
          danger
          title={t('web.dues.reverse')}
          note={t('web.dues.reverse-note')}
          label={t('web.members.reason')}
          run={async (reason) => {
            await reverse(i, wrong, reason)
            await changed()
          }}
          onClose={() => setWrong(undefined)}
        />
      )}
    </li>
  )
}

function AskDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { title: '', amount: '', dueOn: today() } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => ask({ memberId: id, ...v }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.dues.ask')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput required label={t('web.dues.for')} maxLength={200} {...form.getInputProps('title')} />
        <TextInput
          required
          inputMode="decimal"
          label={t('web.dues.amount-yuan')}
          maxLength={12}
          {...form.getInputProps('amount')}
        />
        <TextInput required type="date" label={t('web.dues.due-on')} {...form.getInputProps('dueOn')} />
        <FormButtons submit={t('web.dues.ask')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
