import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useI18n } from '../../ui/i18n'
import { today } from '../../ui/today'
import { instrumentsQuery, SIDES, type Side } from './queries'

/** What a case begins with beside its name: the same for one, and for each of a wave. */
export const beginning = () => ({
  side: 'origin' as Side,
  originOffice: '',
  market: '',
  instrumentId: '',
  list: '',
  other: '',
  on: today(),
})
export type Beginning = ReturnType<typeof beginning>

/** The same as it is sent: what is empty is not said. */
export const begun = <T extends Beginning>({ list, other, ...rest }: T) => ({
  ...rest,
  ...(list && { list }),
  ...(other && { other }),
})

type Props = { instrumentId: string; field: (name: keyof Beginning) => object }

export function CaseFields({ instrumentId, field }: Props) {
  const { t, word, text } = useI18n()
  const { data } = useQuery(instrumentsQuery)
  const instruments = data?.items ?? []
  const lists = instruments.find((i) => i.id === instrumentId)?.lists ?? []
  return (
    <>
      <NativeSelect
        required
        label={t('web.case.instrument')}
        data={[
          { value: '', label: '' },
          ...instruments.map((i) => ({ value: i.id, label: `${text(i.titles)} (${i.code})` })),
        ]}
        {...field('instrumentId')}
      />
      {lists.length > 0 && (
        <NativeSelect
          label={t('web.case.list')}
          data={[{ value: '', label: '' }, ...lists.map((l) => ({ value: l.code, label: text(l.titles) || l.code }))]}
          {...field('list')}
        />
      )}
      <NativeSelect
        label={t('web.case.our-side')}
        data={SIDES.map((value) => ({ value, label: word('case.side.', value) }))}
        {...field('side')}
      />
      <TextInput required label={t('web.case.origin-office')} {...field('originOffice')} />
      <TextInput required label={t('web.case.market')} {...field('market')} />
      <TextInput label={t('web.case.other')} description={t('web.case.other-why')} {...field('other')} />
      <TextInput type="date" required label={t('web.case.on')} {...field('on')} />
    </>
  )
}
