import { Modal, MultiSelect, PasswordInput, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { changed, createPerson, personQuery, rolesQuery, unitsQuery, updatePerson } from './queries'

type Values = { email: string; name: string; password: string; roles: string[]; units: string[] }
const NOBODY: Values = { email: '', name: '', password: '', roles: [], units: [] }

export function NewPerson({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  return (
    <Modal opened onClose={onClose} title={t('web.person.new')}>
      <PersonForm fresh values={NOBODY} onClose={onClose} save={createPerson} />
    </Modal>
  )
}

export function ChangePerson({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error } = useQuery(personQuery(id))
  const { t } = useI18n()
  const save = ({ name, roles, units, password }: Values) =>
    updatePerson(id, data?.etag ?? '', { name, roles, units, ...(password && { password }) })
  return (
    <Modal opened onClose={onClose} title={data?.record.name ?? t('web.change')}>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={240} />}
      {data && <PersonForm key={data.etag} values={{ ...data.record, password: '' }} onClose={onClose} save={save} />}
    </Modal>
  )
}

type Props = { fresh?: boolean; values: Values; save: (values: Values) => Promise<unknown>; onClose: () => void }

function PersonForm({ fresh = false, values, save, onClose }: Props) {
  const { t, text, word } = useI18n()
  const { data: roles } = useQuery(rolesQuery)
  const { data: units } = useQuery(unitsQuery)
  const { email, name, password, roles: held, units: ofUnits } = values
  const form = useForm<Values>({ initialValues: { email, name, password, roles: held, units: ofUnits } })
  const run = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      await changed('people')
      done(t('web.saved'))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      {fresh && (
        <TextInput
          required
          inputMode="email"
          autoComplete="off"
          label={t('web.sign-in.name')}
          description={t('web.person.email-how')}
          {...form.getInputProps('email')}
        />
      )}
      <TextInput required label={t('web.person.name')} {...form.getInputProps('name')} />
      <PasswordInput
        required={fresh}
        autoComplete="new-password"
        label={t(fresh ? 'web.person.password' : 'web.person.new-password')}
        description={t(fresh ? 'web.person.password-how' : 'web.person.new-password-how')}
        visibilityToggleButtonProps={{ 'aria-label': t('web.sign-in.show') }}
        {...form.getInputProps('password')}
      />
      <MultiSelect
        label={t('web.person.roles')}
        data={(roles?.items ?? []).map((r) => ({ value: r.slug, label: r.title || word('role.', r.slug) }))}
        {...form.getInputProps('roles')}
      />
      {units && units.items.length > 0 && (
        <MultiSelect
          label={t('web.person.units')}
          data={units.items.map((u) => ({ value: u.slug, label: text(u.names) }))}
          {...form.getInputProps('units')}
        />
      )}
      <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}
