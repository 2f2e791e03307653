import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useRefusalAtFields } from '../../ui/atFields'
import { CreditCodeField } from '../../ui/CreditCodeField'
import { FormButtons } from '../../ui/FormButtons'
import { ownName, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { toInput, type Values } from './content'
import { CATEGORIES, type Input } from './queries'

type Form = UseFormReturnType<Values>
type Props = {
  values: Values
  changing?: boolean
  error: unknown
  saving: boolean
  onSave: (input: Input) => void
  onCancel: () => void
}

const LANGUAGES = ['zh-Hans', 'en', 'ar'] as const
const UNITS = ['mu', 'hectare'] as const

/** Everything that is written of a member. What is private comes masked, and what stays masked stays as it is. */
export function MemberForm({ values, changing, error, saving, onSave, onCancel }: Props) {
  const { t, word } = useI18n()
  const form: Form = useForm({
    initialValues: values,
    validate: {
      plots: {
        geometry: (text) => {
          try {
            if (text.trim()) JSON.parse(text)
            return null
          } catch {
            return t('web.registration.geometry-broken')
          }
        },
      },
    },
  })
  useRefusalAtFields(form, error)
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => onSave(toInput(v)))}>
      <ProblemAlert error={error} placed={Object.keys(form.errors)} />
      <Panel title={t('web.members.facts')}>
        <div className="stack">
          <div className="row" style={{ alignItems: 'start' }}>
            <NativeSelect
              label={t('web.members.category')}
              data={CATEGORIES.map((value) => ({ value, label: word('member.category.', value) }))}
              {...form.getInputProps('category')}
            />
            <TextInput
              required
              style={{ flex: '1 1 260px' }}
              maxLength={300}
              dir="auto"
              label={t('web.members.name')}
              {...form.getInputProps('name')}
            />
          </div>
          <div className="row" style={{ alignItems: 'start' }}>
            <CreditCodeField
              label={t('web.members.credit-code')}
              description={t('web.members.credit-code-how')}
              {...form.getInputProps('creditCode')}
            />
            <TextInput
              w={240}
              maxLength={40}
              label={t('web.members.id-number')}
              description={t('web.members.id-number-how')}
              {...form.getInputProps('idNumber')}
            />
          </div>
          <TextInput
            maxLength={100}
            label={t('web.members.representative')}
            {...form.getInputProps('representative')}
          />
          <TextInput maxLength={500} label={t('web.members.address')} {...form.getInputProps('address')} />
          <Contacts form={form} />
          <NativeSelect
            w={240}
            label={t('web.members.language')}
            data={[{ value: '', label: '' }, ...LANGUAGES.map((value) => ({ value, label: ownName(value) }))]}
            {...form.getInputProps('language')}
          />
          <Licences form={form} />
        </div>
      </Panel>
      <Land form={form} />
      <Panel>
        <div className="stack">
          <Textarea
            autosize
            minRows={2}
            maxLength={4000}
            label={t('web.members.note')}
            {...form.getInputProps('note')}
          />
          {changing && (
            <TextInput maxLength={2000} label={t('web.members.change-reason')} {...form.getInputProps('reason')} />
          )}
        </div>
      </Panel>
      <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
    </form>
  )
}

function Contacts({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.members.contacts')}
      rows={form.values.contacts}
      add={() => form.insertListItem('contacts', { name: '', role: '', phone: '', email: '' })}
      remove={(i) => form.removeListItem('contacts', i)}
    >
      {(_, i) => (
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput required label={t('web.members.name')} {...form.getInputProps(`contacts.${i}.name`)} />
          <TextInput label={t('web.members.role')} {...form.getInputProps(`contacts.${i}.role`)} />
          <TextInput label={t('web.members.phone')} {...form.getInputProps(`contacts.${i}.phone`)} />
          <TextInput label={t('web.members.email')} {...form.getInputProps(`contacts.${i}.email`)} />
        </div>
      )}
    </Rows>
  )
}

function Licences({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.members.licences')}
      rows={form.values.licences}
      add={() => form.insertListItem('licences', { kind: '', number: '', untilOn: '' })}
      remove={(i) => form.removeListItem('licences', i)}
    >
      {(_, i) => (
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput required label={t('web.members.licence-kind')} {...form.getInputProps(`licences.${i}.kind`)} />
          <TextInput required label={t('web.members.licence-number')} {...form.getInputProps(`licences.${i}.number`)} />
          <TextInput
            type="date"
            label={t('web.members.licence-until')}
            {...form.getInputProps(`licences.${i}.untilOn`)}
          />
        </div>
      )}
    </Rows>
  )
}

function Land({ form }: { form: Form }) {
  const { t, word } = useI18n()
  const units = UNITS.map((value) => ({ value, label: word('member.unit.', value) }))
  return (
    <Panel title={t('web.members.land')}>
      <div className="stack">
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            label={t('web.members.declared-area')}
            inputMode="decimal"
            {...form.getInputProps('declaredArea.value')}
          />
          <NativeSelect label={t('web.members.unit')} data={units} {...form.getInputProps('declaredArea.unit')} />
          <TextInput
            style={{ flex: '1 1 260px' }}
            label={t('web.members.varieties')}
            description={t('web.members.varieties-how')}
            {...form.getInputProps('varieties')}
          />
        </div>
        <Rows
          title={t('web.members.plots')}
          rows={form.values.plots}
          add={() =>
            form.insertListItem('plots', { name: '', place: '', area: { value: '', unit: 'mu' }, geometry: '' })
          }
          remove={(i) => form.removeListItem('plots', i)}
        >
          {(_, i) => (
            <div className="stack tight">
              <div className="row" style={{ alignItems: 'start' }}>
                <TextInput required label={t('web.members.plot')} {...form.getInputProps(`plots.${i}.name`)} />
                <TextInput label={t('web.members.place')} {...form.getInputProps(`plots.${i}.place`)} />
                <TextInput
                  required
                  w={120}
                  label={t('web.members.area')}
                  inputMode="decimal"
                  {...form.getInputProps(`plots.${i}.area.value`)}
                />
                <NativeSelect
                  label={t('web.members.unit')}
                  data={units}
                  {...form.getInputProps(`plots.${i}.area.unit`)}
                />
              </div>
              <Textarea
                autosize
                minRows={1}
                maxRows={6}
                dir="ltr"
                spellCheck={false}
                label={t('web.members.outline')}
                description={t('web.registration.geometry-how')}
                {...form.getInputProps(`plots.${i}.geometry`)}
              />
            </div>
          )}
        </Rows>
        <Rows
          title={t('web.members.production')}
          rows={form.values.production}
          add={() => form.insertListItem('production', { year: '', tonnes: '' })}
          remove={(i) => form.removeListItem('production', i)}
        >
          {(_, i) => (
            <div className="row" style={{ alignItems: 'start' }}>
              <TextInput
                required
                w={120}
                label={t('web.members.year')}
                inputMode="numeric"
                {...form.getInputProps(`production.${i}.year`)}
              />
              <TextInput
                required
                w={160}
                label={t('web.members.tonnes-of')}
                inputMode="decimal"
                {...form.getInputProps(`production.${i}.tonnes`)}
              />
            </div>
          )}
        </Rows>
      </div>
    </Panel>
  )
}
