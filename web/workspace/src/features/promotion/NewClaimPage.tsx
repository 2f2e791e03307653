import { Button, Skeleton, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import { draftKey, dropDraft, keepDraft, readDraft } from '../../ui/draft'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { PaperName } from '../../ui/PaperName'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { UploadField } from '../../ui/UploadField'
import { type Award, awardOneQuery } from './applications'
import { CostFields } from './CostFields'
import { type Call, callQuery, changed } from './calls'
import { claim, type ReceiptValues, receiptInput, receiptOf } from './claims'

const route = getRouteApi('/house/promotion-claims/new')

type Values = { amount: string; note: string; receipts: ReceiptValues[] }
type Form = UseFormReturnType<Values>

/** Asks for money under a decision. What is filled in is kept on the device until it is sent. */
export function NewClaimPage() {
  const { award = '' } = route.useSearch()
  const { t } = useI18n()
  const { data: w, error } = useQuery(awardOneQuery(award))
  const call = useQuery({ ...callQuery(w?.programmeId ?? ''), enabled: w !== undefined })
  return (
    <>
      <PageHead
        title={t('web.promotion.claim-new')}
        crumb={
          w && (
            <Link to="/promotion-applications/$id" params={{ id: w.applicationId }} className="crumb">
              <Back>{w.name}</Back>
            </Link>
          )
        }
      />
      <ProblemAlert error={error ?? call.error} />
      {w && call.data ? <Opened award={w} call={call.data.call} /> : !error && <Skeleton h={420} radius={14} />}
    </>
  )
}

function Opened({ award: w, call }: { award: Award; call: Call }) {
  const { t, money } = useI18n()
  const navigate = useNavigate()
  const key = draftKey(useSession(), `claim.${w.id}`)
  const [kept] = useState(() => readDraft<Values>(key))
  const form: Form = useForm<Values>({
    initialValues: kept?.values ?? { amount: '', note: '', receipts: [receiptOf(w.currency)] },
    onValuesChange: (values) => keepDraft(key, { values, etag: w.etag }),
  })
  const back = () => navigate({ to: '/promotion-applications/$id', params: { id: w.applicationId } })
  const run = useMutation({
    mutationFn: ({ amount, note, receipts }: Values) =>
      claim({
        awardId: w.id,
        amount: amount.trim(),
        receipts: receipts.map((r) => receiptInput(r, w.currency)),
        ...(note.trim() && { note }),
      }),
    onSuccess: async ({ id }) => {
      dropDraft(key)
      await changed()
      await navigate({ to: '/promotion-claims/$id', params: { id } })
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <Panel>
        <div className="stack">
          <TextInput
            required
            w={260}
            dir="ltr"
            inputMode="decimal"
            maxLength={16}
            label={`${t('web.promotion.amount')} (${w.currency})`}
            description={t('web.promotion.promised', {
              Amount: money(w.amount, w.currency),
              Paid: money(w.paid, w.currency),
            })}
            {...form.getInputProps('amount')}
          />
          <Rows
            title={t('web.promotion.receipts')}
            rows={form.values.receipts}
            add={() => form.insertListItem('receipts', receiptOf(w.currency))}
            remove={(i) => form.removeListItem('receipts', i)}
          >
            {(r, i) => <Row form={form} call={call} of={r} index={i} />}
          </Rows>
          <Textarea autosize maxLength={2000} label={t('web.promotion.note')} {...form.getInputProps('note')} />
        </div>
      </Panel>
      <FormButtons submit={t('web.promotion.claim-send')} onCancel={() => void back()} busy={run.isPending} />
    </form>
  )
}

function Row({ form, call, of: r, index: i }: { form: Form; call: Call; of: ReceiptValues; index: number }) {
  const { t } = useI18n()
  return (
    <div className="stack tight">
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput
          required
          maxLength={100}
          dir="ltr"
          label={t('web.promotion.receipt-number')}
          {...form.getInputProps(`receipts.${i}.number`)}
        />
        <TextInput
          required
          type="date"
          label={t('web.promotion.issued-on')}
          {...form.getInputProps(`receipts.${i}.issuedOn`)}
        />
      </div>
      <CostFields call={call} currency={r.currency} field={(name) => form.getInputProps(`receipts.${i}.${name}`)} />
      {r.documentId ? (
        <p className="row">
          <PaperName id={r.documentId} />
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => form.setFieldValue(`receipts.${i}.documentId`, '')}
          >
            {t('web.promotion.remove')}
          </Button>
        </p>
      ) : (
        <UploadField
          label={t('web.promotion.receipt-file')}
          wish={{ purpose: 'promotion' }}
          onUploaded={(d) => form.setFieldValue(`receipts.${i}.documentId`, d.id)}
        />
      )}
    </div>
  )
}
