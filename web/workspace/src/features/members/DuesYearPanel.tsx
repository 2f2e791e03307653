import { Button, Modal, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type DuesYear, raise, updateYear, yearQuery } from './dues'
import { CATEGORIES, type Category, changed } from './queries'

/** What members pay in a year, and what became of it. */
export function DuesYearPanel({ year }: { year: number }) {
  const { t } = useI18n()
  const { data, error } = useQuery(yearQuery(year))
  const [dialog, setDialog] = useState<'tariff' | 'raise'>()
  const close = () => setDialog(undefined)
  const count = data?.pending.reduce((n, c) => n + c.members, 0) ?? 0
  return (
    <Panel
      title={t('web.dues.of-year', { Year: String(year) })}
      aside={
        <>
          {data?.allowed.includes('update') && (
            <Button size="compact-sm" variant="default" onClick={() => setDialog('tariff')}>
              {t('web.dues.tariff')}
            </Button>
          )}
          {data?.allowed.includes('raise') && count > 0 && (
            <Button size="compact-sm" onClick={() => setDialog('raise')}>
              {t('web.dues.raise', { Count: count })}
            </Button>
          )}
        </>
      }
    >
      <ProblemAlert error={error} />
      {data ? <Facts year={data} /> : <Skeleton h={80} />}
      {data && dialog === 'tariff' && <TariffDialog year={data} onClose={close} />}
      {data && dialog === 'raise' && <RaiseDialog year={data} onClose={close} />}
    </Panel>
  )
}

function Facts({ year: y }: { year: DuesYear }) {
  const { t, word, day, money } = useI18n()
  if (!y.dueOn) return <p className="soft">{t('web.dues.no-tariff')}</p>
  const paying = y.amounts.filter((a) => Number(a.amount) > 0)
  const amounts = paying.map((a) => `${word('member.category.', a.category)} ${money(a.amount, y.currency)}`)
  return (
    <dl className="facts">
      <dt>{t('web.dues.tariff')}</dt>
      <dd>{amounts.join(' · ') || t('web.dues.nobody-pays')}</dd>
      <dt>{t('web.dues.due-on')}</dt>
      <dd>{day(y.dueOn)}</dd>
      <dt>{t('web.dues.asked')}</dt>
      <dd>
        {money(y.sum.amount, y.currency)}{' '}
        <span className="soft">· {t('web.dues.count', { Count: y.sum.invoices })}</span>
      </dd>
      <dt>{t('web.dues.paid')}</dt>
      <dd>{money(y.sum.paid, y.currency)}</dd>
      <dt>{t('web.dues.overdue')}</dt>
      <dd>{money(y.sum.overdue, y.currency)}</dd>
    </dl>
  )
}

type Props = { year: DuesYear; onClose: () => void }

function TariffDialog({ year: y, onClose }: Props) {
  const { t, word } = useI18n()
  const had = (c: Category) => y.amounts.find((a) => a.category === c)?.amount ?? ''
  const form = useForm({
    initialValues: {
      dueOn: y.dueOn ?? `${y.year}-06-30`,
      amounts: CATEGORIES.map((category) => ({ category, amount: had(category) })),
    },
  })
  const run = useMutation({
    mutationFn: (v: Schema['DuesYearInput']) => updateYear(y.year, y.etag, v),
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.dues.tariff')}>
      <form
        noValidate
        className="stack"
        onSubmit={form.onSubmit((v) => run.mutate({ ...v, amounts: v.amounts.map(free) }))}
      >
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p className="soft small">{t('web.dues.tariff-note')}</p>
        {form.values.amounts.map((a, n) => (
          <TextInput
            key={a.category}
            inputMode="decimal"
            maxLength={12}
            placeholder="0"
            label={t('web.dues.amount-of', { Category: word('member.category.', a.category) })}
            {...form.getInputProps(`amounts.${n}.amount`)}
          />
        ))}
        <TextInput required type="date" label={t('web.dues.due-on')} {...form.getInputProps('dueOn')} />
        <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

/** Who pays nothing is said so. */
const free = <T extends { amount: string }>(a: T): T => ({ ...a, amount: a.amount.trim() || '0' })

/** What would be asked of how many, before it is. */
function RaiseDialog({ year: y, onClose }: Props) {
  const { t, word, money } = useI18n()
  const run = useMutation({
    mutationFn: () => raise(y.year, y.etag),
    onSuccess: async ({ items }) => {
      await changed()
      done(t('web.dues.raised', { Count: items.reduce((n, c) => n + c.members, 0) }))
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.dues.raise-title', { Year: String(y.year) })}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        <p>{t('web.dues.raise-note')}</p>
        <ul className="list">
          {y.pending.map((c) => (
            <li key={c.category}>
              {word('member.category.', c.category)}
              <span className="end">
                {t('web.dues.each', {
                  Count: c.members,
                  Each: money(c.each, y.currency),
                  Amount: money(c.amount, y.currency),
                })}
              </span>
            </li>
          ))}
        </ul>
        <FormButtons submit={t('web.dues.raise-now')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
