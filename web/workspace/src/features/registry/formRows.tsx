import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useI18n } from '../../ui/i18n'
import { Rows } from '../../ui/Rows'
import { TextsField } from '../../ui/Texts'
import type { Content } from './queries'
import type { Form } from './RegistrationForm'

const NAME_KINDS: Content['names'][number]['kind'][] = ['original', 'transcription', 'translation']
const BASIS_KINDS: NonNullable<Content['bases']>[number]['kind'][] = [
  'gi-product',
  'certification-mark',
  'collective-mark',
  'agricultural-gi',
  'agreement',
]
const LANGUAGES = ['zh-Hans', 'zh-Latn', 'en', 'ar', 'mn-Mong', 'fr', 'ru', 'th', 'es', 'ko']

type Props = { form: Form }

export function NameRows({ form }: Props) {
  const { t, word, language } = useI18n()
  return (
    <Rows
      title={t('web.registration.names')}
      rows={form.values.names}
      add={() => form.insertListItem('names', { text: '', language: 'en', kind: 'translation' })}
      remove={(i) => form.removeListItem('names', i)}
    >
      {(name, i) => (
        <div className="row" style={{ alignItems: 'end' }}>
          <TextInput
            style={{ flex: '2 1 220px' }}
            required
            dir="auto"
            lang={name.language}
            label={t('web.registration.name')}
            {...form.getInputProps(`names.${i}.text`)}
          />
          <NativeSelect
            label={t('web.language')}
            data={[...new Set([...LANGUAGES, name.language])].map((value) => ({ value, label: language(value) }))}
            {...form.getInputProps(`names.${i}.language`)}
          />
          <NativeSelect
            label={t('web.registration.name-kind')}
            data={NAME_KINDS.map((value) => ({ value, label: word('name.kind.', value) }))}
            {...form.getInputProps(`names.${i}.kind`)}
          />
          {name.kind === 'transcription' && (
            <TextInput
              w={130}
              label={t('web.registration.scheme')}
              placeholder="ISO 7098"
              {...form.getInputProps(`names.${i}.scheme`)}
              value={name.scheme ?? ''}
            />
          )}
          <Checkbox
            mb={8}
            label={t('web.registration.keep')}
            {...form.getInputProps(`names.${i}.doNotTranslate`)}
            checked={name.doNotTranslate ?? false}
          />
        </div>
      )}
    </Rows>
  )
}

export function BasisRows({ form }: Props) {
  const { t, word } = useI18n()
  return (
    <Rows
      title={t('web.registration.bases')}
      rows={form.values.bases}
      add={() =>
        form.insertListItem('bases', { kind: 'gi-product', office: form.values.office, number: '', notice: '' })
      }
      remove={(i) => form.removeListItem('bases', i)}
    >
      {(basis, i) => (
        <div className="row" style={{ alignItems: 'end' }}>
          <NativeSelect
            label={t('web.registration.basis-kind')}
            data={BASIS_KINDS.map((value) => ({ value, label: word('basis.', value) }))}
            {...form.getInputProps(`bases.${i}.kind`)}
          />
          <TextInput
            w={90}
            maxLength={2}
            label={t('web.registration.office')}
            {...form.getInputProps(`bases.${i}.office`)}
          />
          <TextInput
            style={{ flex: '1 1 140px' }}
            label={t('web.registration.number')}
            {...form.getInputProps(`bases.${i}.number`)}
            value={basis.number ?? ''}
          />
          <TextInput
            style={{ flex: '2 1 200px' }}
            label={t('web.registration.notice')}
            {...form.getInputProps(`bases.${i}.notice`)}
            value={basis.notice ?? ''}
          />
          <TextInput
            type="date"
            label={t('web.registration.registered')}
            {...form.getInputProps(`bases.${i}.registeredOn`)}
            value={basis.registeredOn ?? ''}
          />
        </div>
      )}
    </Rows>
  )
}

export function ClassRows({ form }: Props) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.registration.classes')}
      rows={form.values.classes}
      add={() => form.insertListItem('classes', { scheme: 'Nice', code: '', edition: '' })}
      remove={(i) => form.removeListItem('classes', i)}
    >
      {(item, i) => (
        <div className="row" style={{ alignItems: 'end' }}>
          <TextInput label={t('web.registration.scheme')} {...form.getInputProps(`classes.${i}.scheme`)} />
          <TextInput label={t('web.registration.code')} {...form.getInputProps(`classes.${i}.code`)} />
          <TextInput
            label={t('web.registration.edition')}
            {...form.getInputProps(`classes.${i}.edition`)}
            value={item.edition ?? ''}
          />
        </div>
      )}
    </Rows>
  )
}

export function SectionRows({ form }: Props) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.registration.specification')}
      rows={form.values.specification}
      add={() => form.insertListItem('specification', { key: '', titles: {}, texts: {} })}
      remove={(i) => form.removeListItem('specification', i)}
    >
      {(section, i) => (
        <div className="stack tight">
          <TextInput
            label={t('web.registration.section-key')}
            description={t('web.registration.section-key-how')}
            {...form.getInputProps(`specification.${i}.key`)}
          />
          <TextsField
            label={t('web.registration.section-title')}
            path={`specification.${i}.titles`}
            errors={form.errors}
            value={section.titles ?? {}}
            onChange={(v) => form.setFieldValue(`specification.${i}.titles`, v)}
          />
          <TextsField
            long
            label={t('web.registration.section-text')}
            path={`specification.${i}.texts`}
            errors={form.errors}
            value={section.texts ?? {}}
            onChange={(v) => form.setFieldValue(`specification.${i}.texts`, v)}
          />
        </div>
      )}
    </Rows>
  )
}

export function QualityRows({ form }: Props) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.registration.quality')}
      rows={form.values.quality}
      add={() => form.insertListItem('quality', { property: {}, value: '', method: '' })}
      remove={(i) => form.removeListItem('quality', i)}
    >
      {(item, i) => (
        <div className="stack tight">
          <TextsField
            label={t('web.registration.quality-property')}
            path={`quality.${i}.property`}
            errors={form.errors}
            value={item.property}
            onChange={(v) => form.setFieldValue(`quality.${i}.property`, v)}
          />
          <div className="row">
            <TextInput label={t('web.registration.quality-value')} {...form.getInputProps(`quality.${i}.value`)} />
            <TextInput
              label={t('web.registration.quality-method')}
              {...form.getInputProps(`quality.${i}.method`)}
              value={item.method ?? ''}
            />
          </div>
          <TextsField
            label={t('web.registration.quality-evidence')}
            path={`quality.${i}.evidence`}
            errors={form.errors}
            value={item.evidence ?? {}}
            onChange={(v) => form.setFieldValue(`quality.${i}.evidence`, v)}
          />
        </div>
      )}
    </Rows>
  )
}
