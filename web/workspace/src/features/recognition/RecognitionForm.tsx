import { NativeSelect, Select, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { directionOf, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { SourceRows } from '../../ui/Sources'
import { TextsField } from '../../ui/Texts'
import { type RecognitionValues, recognitionInput } from './content'
import { instrumentChoicesQuery, instrumentQuery, originsQuery, PROTECTIONS, type RecognitionInput } from './queries'

const LANGUAGES = ['zh-Hans', 'zh-Latn', 'en', 'ar', 'mn-Mong', 'fr', 'ru', 'th', 'es', 'ko']
const KINDS = ['original', 'transcription', 'translation'] as const
type Form = UseFormReturnType<RecognitionValues>

type Props = {
  values: RecognitionValues
  /** Whether it stands in the register already, so that a change wants its reason. */
  recorded?: boolean
  error: unknown
  saving: boolean
  onSave: (input: RecognitionInput) => void
  onCancel: () => void
}

/** Everything that a recognition says. The rules are the server's. */
export function RecognitionForm({ values, recorded = false, error, saving, onSave, onCancel }: Props) {
  const { t } = useI18n()
  const form: Form = useForm({ initialValues: values })
  useRefusalAtFields(form, error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => onSave(recognitionInput(v)))}>
      <ProblemAlert error={error} placed={Object.keys(form.errors)} />
      <Panel title={t('web.recognition.name')}>
        <div className="stack">
          <NameAndMarket form={form} />
          <FormRows form={form} />
          <OriginSelect form={form} />
        </div>
      </Panel>
      <Panel title={t('web.recognition.protection')}>
        <div className="stack">
          <Standing form={form} />
          <Times form={form} />
          <TextsField
            long
            label={t('web.recognition.limits')}
            path="limits"
            errors={form.errors}
            value={form.values.limits}
            onChange={(v) => form.setFieldValue('limits', v)}
          />
        </div>
      </Panel>
      <Panel title={t('web.recognition.evidence')}>
        <div className="stack">
          <SourceRows form={form} />
          {recorded && (
            <Textarea
              autosize
              minRows={2}
              dir="auto"
              label={t('web.act.reason')}
              description={t('web.recognition.reason-how')}
              {...form.getInputProps('reason')}
            />
          )}
        </div>
      </Panel>
      <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
    </form>
  )
}

function NameAndMarket({ form }: { form: Form }) {
  const { t, language, market } = useI18n()
  const { values } = form
  const named = (code: string) => (/^[A-Za-z]{2}$/.test(code) ? market(code.toUpperCase()) : t('web.recognition.code'))
  return (
    <>
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput
          required
          style={{ flex: '2 1 240px' }}
          dir={directionOf(values.language)}
          lang={values.language}
          label={t('web.recognition.as-protected')}
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label={t('web.language')}
          data={[...new Set([...LANGUAGES, values.language])].map((value) => ({ value, label: language(value) }))}
          {...form.getInputProps('language')}
        />
      </div>
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput
          required
          w={200}
          maxLength={2}
          label={t('web.recognition.market')}
          description={named(values.market)}
          {...form.getInputProps('market')}
          onChange={(e) => form.setFieldValue('market', e.currentTarget.value.toUpperCase())}
        />
        <TextInput
          required
          w={200}
          maxLength={2}
          label={t('web.recognition.origin')}
          description={named(values.originOffice)}
          {...form.getInputProps('originOffice')}
          onChange={(e) => form.setFieldValue('originOffice', e.currentTarget.value.toUpperCase())}
        />
      </div>
    </>
  )
}

function FormRows({ form }: { form: Form }) {
  const { t, word, language } = useI18n()
  return (
    <Rows
      title={t('web.recognition.forms')}
      rows={form.values.forms}
      add={() => form.insertListItem('forms', { text: '', language: 'en', kind: 'translation' })}
      remove={(i) => form.removeListItem('forms', i)}
    >
      {(f, i) => (
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            required
            style={{ flex: '2 1 220px' }}
            dir={directionOf(f.language)}
            lang={f.language}
            label={t('web.registration.name')}
            {...form.getInputProps(`forms.${i}.text`)}
          />
          <NativeSelect
            label={t('web.language')}
            data={[...new Set([...LANGUAGES, f.language])].map((value) => ({ value, label: language(value) }))}
            {...form.getInputProps(`forms.${i}.language`)}
          />
          <NativeSelect
            label={t('web.registration.name-kind')}
            data={KINDS.map((value) => ({ value, label: word('name.kind.', value) }))}
            {...form.getInputProps(`forms.${i}.kind`)}
          />
          {f.kind === 'transcription' && (
            <TextInput
              w={130}
              label={t('web.registration.scheme')}
              placeholder="ISO 7098"
              {...form.getInputProps(`forms.${i}.scheme`)}
              value={f.scheme ?? ''}
            />
          )}
        </div>
      )}
    </Rows>
  )
}

/** The published registration that is recognised, found by the name in its own jurisdiction. */
function OriginSelect({ form }: { form: Form }) {
  const { t, text } = useI18n()
  const [name] = useDebouncedValue(form.values.name.trim(), 400)
  const office = form.values.originOffice
  const { data } = useQuery({ ...originsQuery(name, office), enabled: name !== '' && /^[A-Z]{2}$/.test(office) })
  const chosen = form.values.registration
  const choices = (data ?? []).map((p) => ({
    value: p.recordId,
    label: t('web.recognition.registration-of', { Name: text(p.publisher.names) }),
  }))
  if (chosen && !choices.some((c) => c.value === chosen.recordId)) {
    choices.push({ value: chosen.recordId, label: t('web.recognition.registration-kept') })
  }
  return (
    <NativeSelect
      label={t('web.recognition.registration')}
      description={t('web.recognition.registration-how')}
      data-path="registration"
      error={form.errors.registration}
      value={chosen?.recordId ?? ''}
      onChange={(e) => {
        const p = data?.find((x) => x.recordId === e.currentTarget.value)
        if (p) form.setFieldValue('registration', { publisherId: p.publisher.id, recordId: p.recordId })
        else if (!e.currentTarget.value) form.setFieldValue('registration', undefined)
      }}
      data={[{ value: '', label: t('web.recognition.registration-none') }, ...choices]}
    />
  )
}

/** Under which instrument, on which of its lists, and where there. */
function Standing({ form }: { form: Form }) {
  const { t, word, text } = useI18n()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, 250)
  const id = form.values.instrumentId
  const { data: chosen } = useQuery({ ...instrumentQuery(id), enabled: id !== '' })
  const name = (i: { code: string; titles: Record<string, string> }) => `${i.code} · ${text(i.titles)}`
  const { data } = useQuery(instrumentChoicesQuery(chosen && name(chosen.record) === q ? '' : q))
  const choices = (data?.items ?? []).map((i) => ({ value: i.id, label: name(i) }))
  if (chosen && !choices.some((c) => c.value === id)) choices.unshift({ value: id, label: name(chosen.record) })
  const lists = chosen?.record.lists ?? []
  return (
    <>
      <NativeSelect
        w={280}
        label={t('web.recognition.protection')}
        data={PROTECTIONS.map((value) => ({ value, label: word('protection.', value) }))}
        {...form.getInputProps('protection')}
      />
      <Select
        searchable
        clearable
        label={t('web.recognition.instrument')}
        description={t('web.recognition.instrument-how')}
        placeholder={t('web.recognition.direct')}
        nothingFoundMessage={t('web.list.nothing-found')}
        data={choices}
        value={id || null}
        error={form.errors.instrumentId}
        data-path="instrumentId"
        onSearchChange={setTyped}
        filter={({ options }) => options}
        onChange={(v) => form.setValues({ instrumentId: v ?? '', list: '' })}
        clearButtonProps={{ 'aria-label': t('web.recognition.no-instrument') }}
      />
      <div className="row" style={{ alignItems: 'start' }}>
        {lists.length > 0 && (
          <NativeSelect
            label={t('web.recognition.list')}
            data={[
              { value: '', label: t('web.choose') },
              ...lists.map((l) => ({ value: l.code, label: text(l.titles) || l.code })),
            ]}
            {...form.getInputProps('list')}
          />
        )}
        <TextInput label={t('web.recognition.position')} {...form.getInputProps('position')} />
      </div>
    </>
  )
}

function Times({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <div className="row" style={{ alignItems: 'start' }}>
      <TextInput required type="date" label={t('web.recognition.from')} {...form.getInputProps('from')} />
      <TextInput type="date" label={t('web.recognition.until')} {...form.getInputProps('until')} />
      <TextInput type="date" label={t('web.recognition.phase-out')} {...form.getInputProps('phaseOutUntil')} />
    </div>
  )
}
