import { NativeSelect, TextInput } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { useI18n } from '../../ui/i18n'
import { type Call, COST_KINDS } from './calls'

type Props = {
  call: Call
  /** As it is written in the row now. */
  currency: string
  field: (name: 'kind' | 'text' | 'amount' | 'currency' | 'rate' | 'rateSource' | 'rateOn') => GetInputPropsReturnType
}

/** What was or will be spent, in its own currency; a rate comes with who says so, and of which day it is. */
export function CostFields({ call, currency, field }: Props) {
  const { t, word } = useI18n()
  const eligible = new Set(call.rules.eligible)
  const foreign = currency.trim().toUpperCase() !== call.currency
  return (
    <div className="stack tight">
      <div className="row" style={{ alignItems: 'start' }}>
        <NativeSelect
          label={t('web.promotion.cost')}
          data={COST_KINDS.map((value) => ({
            value,
            label: eligible.has(value)
              ? word('promotion.cost.', value)
              : t('web.promotion.not-eligible', { Name: word('promotion.cost.', value) }),
          }))}
          {...field('kind')}
        />
        <TextInput
          style={{ flex: '1 1 200px' }}
          maxLength={500}
          dir="auto"
          label={t('web.promotion.for-what')}
          {...field('text')}
        />
        <TextInput
          required
          w={150}
          dir="ltr"
          inputMode="decimal"
          maxLength={16}
          label={t('web.promotion.amount')}
          {...field('amount')}
        />
        <TextInput
          required
          w={90}
          dir="ltr"
          maxLength={3}
          autoCapitalize="characters"
          label={t('web.promotion.currency')}
          {...field('currency')}
        />
      </div>
      {foreign && (
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            required
            w={170}
            dir="ltr"
            inputMode="decimal"
            maxLength={19}
            label={t('web.promotion.rate', { From: currency.trim().toUpperCase() || '?', To: call.currency })}
            {...field('rate')}
          />
          <TextInput
            required
            style={{ flex: '1 1 200px' }}
            maxLength={500}
            dir="auto"
            label={t('web.promotion.rate-source')}
            {...field('rateSource')}
          />
          <TextInput required type="date" label={t('web.promotion.rate-on')} {...field('rateOn')} />
        </div>
      )}
    </div>
  )
}
