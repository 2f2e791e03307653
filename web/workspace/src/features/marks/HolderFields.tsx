import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { type Texts, useI18n } from '../../ui/i18n'
import { TextsField } from '../../ui/Texts'
import { type Authorisation, KINDS, type Kind } from './queries'

export type Holder = { kind: Kind; names: Texts; township: string; exports: boolean; contentG: number | '' }

export const holderOf = (a?: Authorisation): Holder => ({
  kind: a?.kind ?? 'certification-licensee',
  names: a?.names ?? { 'zh-Hans': '' },
  township: a?.township ?? '',
  exports: a?.exports ?? false,
  contentG: a?.contentG ?? '',
})

/** What is sent of a holder: languages that were left empty are not. */
export const holderInput = ({ kind, names, township, exports, contentG }: Holder) => ({
  kind,
  names: Object.fromEntries(Object.entries(names).filter(([, name]) => name.trim() !== '')),
  exports,
  ...(township && { township }),
  ...(contentG !== '' && { contentG }),
})

/** What is kept of a holder beside its credit code, which stays. */
export function HolderFields<V extends Holder>({ form }: { form: UseFormReturnType<V> }) {
  const { t, word } = useI18n()
  return (
    <>
      <div data-path="names" tabIndex={-1}>
        <TextsField
          label={t('web.special-marks.names')}
          path="names"
          errors={form.errors}
          value={form.values.names}
          onChange={(names) => form.setValues({ names } as Partial<V>)}
        />
        {form.errors.names && (
          <p className="small" role="alert" style={{ color: 'var(--rose-700)' }}>
            {form.errors.names}
          </p>
        )}
      </div>
      <NativeSelect
        label={t('web.special-marks.kind')}
        description={t('web.special-marks.kind-how')}
        data={KINDS.map((value) => ({ value, label: word('mark-authorisation.kind.', value) }))}
        {...form.getInputProps('kind')}
      />
      <div className="row" style={{ alignItems: 'end' }}>
        <TextInput
          w={260}
          maxLength={100}
          label={t('web.special-marks.township')}
          {...form.getInputProps('township')}
        />
        <Checkbox
          mb={8}
          label={t('web.special-marks.exports-how')}
          {...form.getInputProps('exports', { type: 'checkbox' })}
        />
      </div>
      <NumberInput
        w={260}
        min={1}
        max={1_000_000_000}
        allowDecimal={false}
        label={t('web.special-marks.content')}
        description={t('web.special-marks.content-how')}
        {...form.getInputProps('contentG')}
      />
    </>
  )
}
