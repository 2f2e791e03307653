import { Modal, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { today } from '../../ui/today'
import type { Award } from './applications'
import { changed } from './calls'
import { type Result, report } from './claims'
import { EvidenceFields } from './EvidenceFields'

const COUNTS = ['contacts', 'inquiries', 'samples', 'contracts'] as const

/** Reports what came of an award; what comes later is another report. */
export function ResultDialog({ of: w, follows, onClose }: { of: Award; follows?: Result; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({
    initialValues: {
      happenedOn: today(),
      contacts: 0 as number | string,
      inquiries: 0 as number | string,
      samples: 0 as number | string,
      contracts: 0 as number | string,
      exports: [] as { hsCode: string; country: string; amount: string; currency: string }[],
      note: '',
      documentIds: [] as string[],
      dossierIds: [] as string[],
      followUp: { dueOn: '', what: '' },
    },
  })
  const run = useMutation({
    mutationFn: ({ happenedOn, exports, note, documentIds, dossierIds, followUp, ...counts }: typeof form.values) =>
      report({
        awardId: w.id,
        happenedOn,
        contacts: Number(counts.contacts),
        inquiries: Number(counts.inquiries),
        samples: Number(counts.samples),
        contracts: Number(counts.contracts),
        exports: exports.map((e) => ({
          hsCode: e.hsCode.replaceAll(/\D/g, ''),
          country: e.country.trim().toUpperCase(),
          amount: e.amount.trim(),
          currency: e.currency.trim().toUpperCase(),
        })),
        ...(note.trim() && { note }),
        ...(documentIds.length > 0 && { documentIds }),
        ...(dossierIds.length > 0 && { dossierIds }),
        ...(followUp.dueOn && {
          followUp: { dueOn: followUp.dueOn, ...(followUp.what.trim() && { what: followUp.what.trim() }) },
        }),
        ...(follows && { followsId: follows.id }),
      }),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  useRefusalAtFields(form, run.error)
  return (
    <Modal opened size="lg" onClose={onClose} title={t(follows ? 'web.promotion.follow' : 'web.promotion.report')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            required
            type="date"
            label={t('web.promotion.happened-on')}
            {...form.getInputProps('happenedOn')}
          />
          {COUNTS.map((name) => (
            <NumberInput
              key={name}
              w={110}
              min={0}
              max={1_000_000}
              allowDecimal={false}
              label={word('web.promotion.result.', name)}
              {...form.getInputProps(name)}
            />
          ))}
        </div>
        <Rows
          title={t('web.promotion.exports')}
          rows={form.values.exports}
          add={() => form.insertListItem('exports', { hsCode: '', country: '', amount: '', currency: 'USD' })}
          remove={(i) => form.removeListItem('exports', i)}
        >
          {(_, i) => (
            <div className="row" style={{ alignItems: 'start' }}>
              {(['hsCode', 'country', 'amount', 'currency'] as const).map((name) => (
                <TextInput
                  key={name}
                  required
                  w={name === 'amount' || name === 'hsCode' ? 140 : 90}
                  dir="ltr"
                  label={word('web.promotion.export.', name)}
                  {...form.getInputProps(`exports.${i}.${name}`)}
                />
              ))}
            </div>
          )}
        </Rows>
        <Textarea autosize maxLength={20_000} label={t('web.promotion.note')} {...form.getInputProps('note')} />
        <EvidenceFields
          documentIds={form.values.documentIds}
          onDocuments={(ids) => form.setFieldValue('documentIds', ids)}
          dossierIds={form.values.dossierIds}
          onDossiers={(ids) => form.setFieldValue('dossierIds', ids)}
        />
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            type="date"
            label={t('web.promotion.follow-up')}
            description={t('web.promotion.follow-up-how')}
            {...form.getInputProps('followUp.dueOn')}
          />
          <TextInput
            maxLength={2000}
            disabled={!form.values.followUp.dueOn}
            label={t('web.promotion.follow-up-what')}
            {...form.getInputProps('followUp.what')}
          />
        </div>
        <FormButtons
          submit={t(follows ? 'web.promotion.follow' : 'web.promotion.report')}
          onCancel={onClose}
          busy={run.isPending}
        />
      </form>
    </Modal>
  )
}
