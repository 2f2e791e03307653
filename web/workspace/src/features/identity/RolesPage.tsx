import { Accordion, Button, Modal, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { PermissionList, PermissionPicker } from './Permissions'
import { changed, createRole, deleteRole, type Role, roleQuery, rolesQuery, updateRole } from './queries'

/** Roles: those of this kind of organisation, and the tenant's own. */
export function RolesPage() {
  const { t, word, number } = useI18n()
  const session = useSession()
  const { data, error, refetch } = useQuery(rolesQuery)
  const [making, setMaking] = useState(false)
  const [changing, setChanging] = useState<string>()
  return (
    <>
      <PageHead
        title={t('web.roles.nav')}
        lead={t('web.roles.lead')}
        acts={
          may(session, 'role:create') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
              {t('web.role.new')}
            </Button>
          )
        }
      />
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!data && !error && <Skeleton h={320} radius={14} />}
      {data && (
        <Panel>
          <Accordion variant="default" order={2}>
            {data.items.map((r) => (
              <Accordion.Item key={r.slug} value={r.slug}>
                <Accordion.Control>
                  <span className="row">
                    <b>{r.title || word('role.', r.slug)}</b>
                    {r.own && <Tag tone="info">{t('web.role.own')}</Tag>}
                    <span className="soft small">{t('web.role.permissions', { Count: r.permissions.length })}</span>
                  </span>
                </Accordion.Control>
                <Accordion.Panel>
                  <PermissionList permissions={r.permissions} />
                  <RoleActs role={r} onChange={setChanging} />
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
          <p className="soft small">{t('web.roles.ceiling', { Count: number(data.ceiling.length) })}</p>
        </Panel>
      )}
      {making && data && (
        <Modal opened size="xl" onClose={() => setMaking(false)} title={t('web.role.new')}>
          <RoleForm
            ceiling={data.ceiling}
            values={{ slug: '', title: '', permissions: [] }}
            save={createRole}
            onClose={() => setMaking(false)}
          />
        </Modal>
      )}
      {changing && data && <ChangeRole id={changing} ceiling={data.ceiling} onClose={() => setChanging(undefined)} />}
    </>
  )
}

function RoleActs({ role: r, onChange }: { role: Role; onChange: (id: string) => void }) {
  const { t } = useI18n()
  const refused = useRefused()
  const remove = useMutation({
    mutationFn: (id: string) => deleteRole(id),
    onSuccess: () => changed('roles'),
    onError: refused,
  })
  const id = r.id
  if (!id) return null
  return (
    <div className="row" style={{ marginBlockStart: 12 }}>
      {r.allowed.includes('update') && (
        <Button size="compact-sm" variant="default" onClick={() => onChange(id)}>
          {t('web.change')}
        </Button>
      )}
      {r.allowed.includes('delete') && (
        <Button size="compact-sm" variant="subtle" color="rose" onClick={() => remove.mutate(id)}>
          {t('web.remove')}
        </Button>
      )}
    </div>
  )
}

function ChangeRole({ id, ceiling, onClose }: { id: string; ceiling: string[]; onClose: () => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery(roleQuery(id))
  return (
    <Modal opened size="xl" onClose={onClose} title={data?.record.title ?? t('web.change')}>
      <ProblemAlert error={error} />
      {data && (
        <RoleForm
          key={data.etag}
          ceiling={ceiling}
          values={data.record}
          save={(v) => updateRole(id, data.etag, v)}
          onClose={onClose}
        />
      )}
    </Modal>
  )
}

type Values = { slug: string; title: string; permissions: string[] }
type FormProps = {
  ceiling: string[]
  values: Values
  save: (values: Values) => Promise<unknown>
  onClose: () => void
}

function RoleForm({ ceiling, values: { slug, title, permissions }, save, onClose }: FormProps) {
  const { t } = useI18n()
  const form = useForm<Values>({ initialValues: { slug, title, permissions } })
  const run = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      await changed('roles')
      done(t('web.saved'))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <TextInput required label={t('web.role.title')} {...form.getInputProps('title')} />
      <TextInput
        required
        dir="ltr"
        label={t('web.role.slug')}
        description={t('web.role.slug-how')}
        {...form.getInputProps('slug')}
      />
      <PermissionPicker
        label={t('web.role.may')}
        ceiling={ceiling}
        value={form.values.permissions}
        error={form.errors.permissions}
        onChange={(v) => form.setFieldValue('permissions', v)}
      />
      <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}
