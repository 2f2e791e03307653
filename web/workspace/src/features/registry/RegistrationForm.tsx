import { Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { SourceRows } from '../../ui/Sources'
import { TextsField } from '../../ui/Texts'
import { outline, toContent, toValues, type Values } from './content'
import { BasisRows, ClassRows, NameRows, QualityRows, SectionRows } from './formRows'
import type { Content } from './queries'

export type Form = UseFormReturnType<Values>

type Props = {
  content: Content
  error: unknown
  saving: boolean
  onSave: (content: Content) => void
  onCancel: () => void
}

/** The form, with what the server said of it at the fields. */
function useRegistrationForm(content: Content, error: unknown): Form {
  const { t } = useI18n()
  const form: Form = useForm({
    initialValues: toValues(content),
    validate: {
      area: {
        geometry: (text) => {
          try {
            if (text.trim()) outline(text)
            return null
          } catch {
            return t('web.registration.geometry-broken')
          }
        },
      },
    },
  })
  useRefusalAtFields(form, error)
  return form
}

/** Everything that a registration says. The browser shows what the server says of it; it has no rules of its own. */
export function RegistrationForm({ content, error, saving, onSave, onCancel }: Props) {
  const { t } = useI18n()
  const form = useRegistrationForm(content, error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => onSave(toContent(v)))}>
      <ProblemAlert error={error} placed={Object.keys(form.errors)} />
      <Panel title={t('web.registration.facts')}>
        <div className="stack">
          <TextInput
            w={160}
            required
            maxLength={2}
            label={t('web.registration.office')}
            description={t('web.registration.office-how')}
            {...form.getInputProps('office')}
          />
          <NameRows form={form} />
          <BasisRows form={form} />
          <ClassRows form={form} />
          <TextInput
            label={t('web.registration.hs')}
            description={t('web.registration.hs-how')}
            {...form.getInputProps('hsCodes')}
          />
        </div>
      </Panel>
      <Party form={form} path="holder" title={t('web.registration.holder')} />
      <Party form={form} path="controlBody" title={t('web.registration.control-body')} />
      <Area form={form} />
      <Description form={form} />
      <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
    </form>
  )
}

function Party({ form, path, title }: { form: Form; path: 'holder' | 'controlBody'; title: string }) {
  const { t } = useI18n()
  const value = form.values[path]
  return (
    <Panel title={title}>
      <div className="stack">
        <TextsField
          label={t('web.registration.party-names')}
          path={`${path}.names`}
          errors={form.errors}
          value={value.names}
          onChange={(v) => form.setFieldValue(`${path}.names`, v)}
        />
        <TextInput
          label={t('web.registration.party-code')}
          description={t('web.registration.party-code-how')}
          {...form.getInputProps(`${path}.code`)}
        />
        <TextsField
          label={t('web.registration.party-address')}
          path={`${path}.address`}
          errors={form.errors}
          value={value.address}
          onChange={(v) => form.setFieldValue(`${path}.address`, v)}
        />
      </div>
    </Panel>
  )
}

function Area({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Panel title={t('web.registration.area')}>
      <div className="stack">
        <TextsField
          long
          label={t('web.registration.area-words')}
          path="area.words"
          errors={form.errors}
          value={form.values.area.words}
          onChange={(v) => form.setFieldValue('area.words', v)}
        />
        <Textarea
          label={t('web.registration.geometry')}
          description={t('web.registration.geometry-how')}
          autosize
          minRows={3}
          maxRows={12}
          dir="ltr"
          spellCheck={false}
          styles={{ input: { fontFamily: 'monospace', fontSize: 13 } }}
          {...form.getInputProps('area.geometry')}
        />
      </div>
    </Panel>
  )
}

function Description({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Panel title={t('web.registration.content')}>
      <div className="stack">
        <TextsField
          long
          label={t('web.registration.link')}
          path="link"
          errors={form.errors}
          value={form.values.link}
          onChange={(v) => form.setFieldValue('link', v)}
        />
        <SectionRows form={form} />
        <QualityRows form={form} />
        <SourceRows form={form} />
      </div>
    </Panel>
  )
}
