import { NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { type Texts, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { TextsField } from '../../ui/Texts'
import { LEVELS, type Level, type Platform, type PlatformInput } from './platforms'

type Values = {
  level: Level
  names: Texts
  region: string
  address: string
  website: string
  contact: string
  partner: string
}

const valuesOf = (p?: Platform): Values => ({
  level: p?.level ?? 'municipal',
  names: p?.names ?? {},
  region: p?.region ?? '',
  address: p?.address ?? '',
  website: p?.website ?? '',
  contact: p?.contact ?? '',
  partner: p?.partner?.slug ?? '',
})

/** What is empty is left out. */
const inputOf = ({ level, names, ...texts }: Values): PlatformInput => ({
  level,
  names: Object.fromEntries(Object.entries(names).filter(([, text]) => text.trim())),
  ...Object.fromEntries(
    Object.entries(texts)
      .map(([key, text]) => [key, text.trim()])
      .filter(([, text]) => text),
  ),
})

type Props = {
  platform?: Platform
  error: unknown
  saving: boolean
  onSave: (input: PlatformInput) => void
  onCancel: () => void
}

/** What is entered of a platform. */
export function PlatformForm({ platform, error, saving, onSave, onCancel }: Props) {
  const { t, word } = useI18n()
  const form = useForm<Values>({
    initialValues: valuesOf(platform),
    validate: (v) =>
      Object.values(v.names).some((n) => n.trim())
        ? {}
        : { [`names.${Object.keys(v.names)[0] ?? 'zh-Hans'}`]: t('web.members.needed') },
  })
  useRefusalAtFields(form, error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => onSave(inputOf(v)))}>
      <ProblemAlert error={error} placed={Object.keys(form.errors)} />
      <Panel title={t('web.promotion.platform')}>
        <div className="stack">
          <TextsField
            label={t('web.promotion.platforms-find')}
            path="names"
            errors={form.errors}
            value={form.values.names}
            onChange={(v) => form.setFieldValue('names', v)}
          />
          <NativeSelect
            w={260}
            label={t('web.promotion.level')}
            data={LEVELS.map((value) => ({ value, label: word('promotion.level.', value) }))}
            {...form.getInputProps('level')}
          />
          <TextInput
            maxLength={200}
            label={t('web.promotion.region')}
            description={t('web.promotion.region-how')}
            {...form.getInputProps('region')}
          />
          <TextInput maxLength={1000} label={t('web.promotion.address')} {...form.getInputProps('address')} />
          <TextInput
            dir="ltr"
            maxLength={1000}
            inputMode="url"
            placeholder="https://"
            label={t('web.promotion.website')}
            {...form.getInputProps('website')}
          />
          <TextInput maxLength={1000} label={t('web.promotion.contact')} {...form.getInputProps('contact')} />
          <TextInput
            dir="ltr"
            maxLength={41}
            label={t('web.promotion.partner')}
            description={t('web.promotion.partner-how')}
            {...form.getInputProps('partner')}
          />
        </div>
      </Panel>
      <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
    </form>
  )
}
