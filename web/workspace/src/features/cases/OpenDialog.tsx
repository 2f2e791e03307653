import { Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { changed, instrumentsQuery, open, SIDES, type Side } from './queries'

/** Opens the case of one name under one instrument. */
export function OpenDialog({ onClose }: { onClose: () => void }) {
  const { t, word, text } = useI18n()
  const navigate = useNavigate()
  const { data } = useQuery(instrumentsQuery)
  const instruments = data?.items ?? []
  const form = useForm({
    initialValues: {
      side: 'origin' as Side,
      name: '',
      language: 'zh-Hans',
      originOffice: '',
      market: '',
      instrumentId: '',
      list: '',
      other: '',
      on: today(),
    },
  })
  const run = useMutation({
    mutationFn: ({ list, other, ...v }: typeof form.values) =>
      open({ ...v, ...(list && { list }), ...(other && { other }) }),
    onSuccess: async (made) => {
      await changed()
      void navigate({ to: '/cases/$id', params: { id: made.id } })
    },
    onError: atFields(form),
  })
  const lists = instruments.find((i) => i.id === form.values.instrumentId)?.lists ?? []
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.case.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput required label={t('web.case.name')} {...form.getInputProps('name')} />
        <TextInput required label={t('web.case.language')} {...form.getInputProps('language')} />
        <NativeSelect
          required
          label={t('web.case.instrument')}
          data={[
            { value: '', label: '' },
            ...instruments.map((i) => ({ value: i.id, label: `${text(i.titles)} (${i.code})` })),
          ]}
          {...form.getInputProps('instrumentId')}
        />
        {lists.length > 0 && (
          <NativeSelect
            label={t('web.case.list')}
            data={[{ value: '', label: '' }, ...lists.map((l) => ({ value: l.code, label: text(l.titles) || l.code }))]}
            {...form.getInputProps('list')}
          />
        )}
        <NativeSelect
          label={t('web.case.our-side')}
          data={SIDES.map((value) => ({ value, label: word('case.side.', value) }))}
          {...form.getInputProps('side')}
        />
        <TextInput required label={t('web.case.origin-office')} {...form.getInputProps('originOffice')} />
        <TextInput required label={t('web.case.market')} {...form.getInputProps('market')} />
        <TextInput label={t('web.case.other')} description={t('web.case.other-why')} {...form.getInputProps('other')} />
        <TextInput type="date" required label={t('web.case.on')} {...form.getInputProps('on')} />
        <FormButtons submit={word('case.act.', 'open')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
