import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { SourceRows } from '../../ui/Sources'
import { TextsField } from '../../ui/Texts'
import { type InstrumentValues, instrumentInput } from './content'
import { INSTRUMENT_KINDS, type InstrumentInput } from './queries'

type Form = UseFormReturnType<InstrumentValues>
type Props = {
  values: InstrumentValues
  error: unknown
  saving: boolean
  onSave: (input: InstrumentInput) => void
  onCancel: () => void
}

/** Everything that is kept of an instrument. */
export function InstrumentForm({ values, error, saving, onSave, onCancel }: Props) {
  const { t } = useI18n()
  const form: Form = useForm({ initialValues: values })
  useRefusalAtFields(form, error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => onSave(instrumentInput(v)))}>
      <ProblemAlert error={error} placed={Object.keys(form.errors)} />
      <Panel title={t('web.registration.facts')}>
        <div className="stack">
          <Facts form={form} />
          <ListRows form={form} />
          <ScopeRows form={form} />
          <TextRows form={form} />
          <AmendmentRows form={form} />
          <SourceRows form={form} />
        </div>
      </Panel>
      <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
    </form>
  )
}

function Facts({ form }: { form: Form }) {
  const { t, word, market } = useI18n()
  const parties = form.values.parties.toUpperCase().match(/\b[A-Z]{2}\b/g) ?? []
  return (
    <>
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput
          required
          dir="ltr"
          w={220}
          label={t('web.instrument.code')}
          placeholder="CN-EU-2020"
          {...form.getInputProps('code')}
        />
        <NativeSelect
          label={t('web.publication.kind')}
          data={INSTRUMENT_KINDS.map((value) => ({ value, label: word('instrument.kind.', value) }))}
          {...form.getInputProps('kind')}
        />
      </div>
      <TextsField
        label={t('web.instrument.title')}
        path="titles"
        errors={form.errors}
        value={form.values.titles}
        onChange={(v) => form.setFieldValue('titles', v)}
      />
      <TextInput
        required
        dir="ltr"
        label={t('web.instrument.parties')}
        description={parties.length ? parties.map(market).join(', ') : t('web.instrument.parties-how')}
        placeholder="CN, XA"
        {...form.getInputProps('parties')}
      />
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput type="date" label={t('web.instrument.signed')} {...form.getInputProps('signedOn')} />
        <TextInput type="date" label={t('web.instrument.in-force')} {...form.getInputProps('inForceOn')} />
        <TextInput type="date" label={t('web.instrument.ended')} {...form.getInputProps('endedOn')} />
      </div>
    </>
  )
}

function ListRows({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.instrument.lists')}
      rows={form.values.lists}
      add={() => form.insertListItem('lists', { code: '', titles: {} })}
      remove={(i) => form.removeListItem('lists', i)}
    >
      {(list, i) => (
        <div className="stack tight">
          <TextInput
            w={160}
            label={t('web.registration.code')}
            placeholder="III"
            {...form.getInputProps(`lists.${i}.code`)}
          />
          <TextsField
            label={t('web.registration.section-title')}
            path={`lists.${i}.titles`}
            errors={form.errors}
            value={list.titles ?? {}}
            onChange={(v) => form.setFieldValue(`lists.${i}.titles`, v)}
          />
        </div>
      )}
    </Rows>
  )
}

function ScopeRows({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.instrument.scope')}
      rows={form.values.scope}
      add={() => form.insertListItem('scope', { scheme: 'Nice', code: '', edition: '' })}
      remove={(i) => form.removeListItem('scope', i)}
    >
      {(item, i) => (
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput label={t('web.registration.scheme')} {...form.getInputProps(`scope.${i}.scheme`)} />
          <TextInput label={t('web.registration.code')} {...form.getInputProps(`scope.${i}.code`)} />
          <TextInput
            label={t('web.registration.edition')}
            {...form.getInputProps(`scope.${i}.edition`)}
            value={item.edition ?? ''}
          />
        </div>
      )}
    </Rows>
  )
}

function TextRows({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.instrument.texts')}
      rows={form.values.texts}
      add={() => form.insertListItem('texts', { language: 'en', title: '', url: '', authentic: false })}
      remove={(i) => form.removeListItem('texts', i)}
    >
      {(_, i) => (
        <div className="row" style={{ alignItems: 'end' }}>
          <TextInput w={110} label={t('web.case.language')} {...form.getInputProps(`texts.${i}.language`)} />
          <TextInput
            style={{ flex: '2 1 200px' }}
            dir="auto"
            label={t('web.registration.source-title')}
            {...form.getInputProps(`texts.${i}.title`)}
          />
          <TextInput
            style={{ flex: '2 1 200px' }}
            type="url"
            dir="ltr"
            label={t('web.registration.source-url')}
            {...form.getInputProps(`texts.${i}.url`)}
          />
          <Checkbox
            label={t('web.instrument.authentic')}
            {...form.getInputProps(`texts.${i}.authentic`, { type: 'checkbox' })}
          />
        </div>
      )}
    </Rows>
  )
}

function AmendmentRows({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.instrument.amendments')}
      rows={form.values.amendments}
      add={() => form.insertListItem('amendments', { titles: {}, signedOn: '', inForceOn: '', url: '' })}
      remove={(i) => form.removeListItem('amendments', i)}
    >
      {(change, i) => (
        <div className="stack tight">
          <TextsField
            label={t('web.instrument.title')}
            path={`amendments.${i}.titles`}
            errors={form.errors}
            value={change.titles ?? {}}
            onChange={(v) => form.setFieldValue(`amendments.${i}.titles`, v)}
          />
          <div className="row" style={{ alignItems: 'start' }}>
            <TextInput
              type="date"
              label={t('web.instrument.signed')}
              {...form.getInputProps(`amendments.${i}.signedOn`)}
            />
            <TextInput
              type="date"
              label={t('web.instrument.in-force')}
              {...form.getInputProps(`amendments.${i}.inForceOn`)}
            />
            <TextInput
              style={{ flex: '1 1 200px' }}
              type="url"
              dir="ltr"
              label={t('web.registration.source-url')}
              {...form.getInputProps(`amendments.${i}.url`)}
            />
          </div>
        </div>
      )}
    </Rows>
  )
}
