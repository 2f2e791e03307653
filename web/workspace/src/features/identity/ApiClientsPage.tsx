import { Alert, Button, Checkbox, CopyButton, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCopy, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { PermissionPicker } from './Permissions'
import { type ApiClient, changed, clientsQuery, createClient, requireOfClient, revokeClient } from './queries'

const NONE: ApiClient[] = []
const DAY = 86_400_000
const PROOFS: Schema['ApiClientProof'][] = ['signature', 'certificate']

/** The machines that work in the tenant's name. */
export function ApiClientsPage() {
  const { t } = useI18n()
  const session = useSession()
  const { data, error, isFetching, refetch } = useQuery(clientsQuery)
  const [making, setMaking] = useState(false)
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('web.clients.nav')}
        lead={t('web.clients.lead')}
        acts={
          may(session, 'api-client:create') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
              {t('web.client.new')}
            </Button>
          )
        }
      />
      <Panel>
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          whole
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.clients.nav')}
          busy={isFetching}
          empty={<Empty title={t('web.clients.empty')} />}
        />
      </Panel>
      {making && data && <NewClient ceiling={data.ceiling} onClose={() => setMaking(false)} />}
    </>
  )
}

function useColumns(): Column<ApiClient>[] {
  const { t, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.client.name'),
        by: (r) => r.name,
        cell: (r) => (
          <>
            <bdi>{r.name}</bdi>
            <div className="mono soft small">{r.id}</div>
          </>
        ),
      },
      {
        id: 'state',
        header: t('web.client.state'),
        tight: true,
        cell: (r) => {
          const over = new Date(r.expiresAt) < new Date()
          const state = r.revokedAt ? 'revoked' : over ? 'expired' : 'active'
          return <Tag tone={state === 'active' ? 'ok' : 'bad'}>{t(`web.client.${state}`)}</Tag>
        },
      },
      {
        id: 'required',
        header: t('web.client.required'),
        tight: true,
        cell: (r) => r.required.map((p) => t(`web.client.proof.${p}`)).join(' · ') || '—',
      },
      {
        id: 'scopes',
        header: t('web.client.scopes'),
        cell: (r) => <span className="mono small">{r.scopes.join(' ')}</span>,
      },
      {
        id: 'expires',
        header: t('web.client.expires'),
        tight: true,
        by: (r) => r.expiresAt,
        cell: (r) => instant(r.expiresAt),
      },
      {
        id: 'used',
        header: t('web.client.used'),
        tight: true,
        by: (r) => r.lastUsedAt ?? '',
        cell: (r) => (r.lastUsedAt ? instant(r.lastUsedAt) : '—'),
      },
      { id: 'acts', header: t('web.acts'), tight: true, cell: (r) => <Acts client={r} /> },
    ],
    [t, instant],
  )
}

function Acts({ client }: { client: ApiClient }) {
  const { t } = useI18n()
  const [requiring, setRequiring] = useState(false)
  const more = client.allowed.includes('require') && client.required.length < PROOFS.length
  return (
    <>
      {more && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={t('web.client.require-of', { Name: client.name })}
          onClick={() => setRequiring(true)}
        >
          {t('web.client.require')}
        </Button>
      )}
      <Revoke client={client} />
      {requiring && <Require client={client} onClose={() => setRequiring(false)} />}
    </>
  )
}

/** What is required of a machine only grows, so what is required already cannot be taken away here. */
function Require({ client, onClose }: { client: ApiClient; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { required: client.required } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => requireOfClient(client.id, v.required),
    onSuccess: () => {
      onClose()
      return changed('api-clients')
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.client.require-of', { Name: client.name })}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p>{t('web.client.require-note')}</p>
        <Proofs
          fixed={client.required}
          held={client.keys.filter((k) => !k.revokedAt).map((k) => k.kind)}
          value={form.values.required}
          onChange={(v) => form.setFieldValue('required', v)}
        />
        <FormButtons submit={t('web.client.require')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

type Proof = Schema['ApiClientProof']
type ProofsProps = { fixed?: Proof[]; held?: Proof[]; value: Proof[]; onChange: (v: Proof[]) => void }

/** What a machine must show. Whoever requires what the machine does not have yet is told so: it would be locked out. */
function Proofs({ fixed = [], held = [], value, onChange }: ProofsProps) {
  const { t } = useI18n()
  return (
    <Checkbox.Group
      label={t('web.client.required')}
      value={value}
      onChange={(v) => onChange(PROOFS.filter((p) => v.includes(p)))}
    >
      <div className="stack tight">
        {PROOFS.map((p) => (
          <Checkbox
            key={p}
            value={p}
            label={t(`web.client.proof.${p}`)}
            description={t(`web.client.proof.${p}.note`)}
            error={value.includes(p) && !held.includes(p) && t('web.client.proof.none')}
            disabled={fixed.includes(p)}
          />
        ))}
      </div>
    </Checkbox.Group>
  )
}

function Revoke({ client }: { client: ApiClient }) {
  const { t } = useI18n()
  const refused = useRefused()
  const run = useMutation({
    mutationFn: () => revokeClient(client.id),
    onSuccess: () => changed('api-clients'),
    onError: refused,
  })
  if (!client.allowed.includes('revoke')) return null
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="rose"
      loading={run.isPending}
      aria-label={t('web.client.revoke-this', { Name: client.name })}
      onClick={() => run.mutate()}
    >
      {t('web.client.revoke')}
    </Button>
  )
}

function NewClient({ ceiling, onClose }: { ceiling: string[]; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({
    initialValues: {
      name: '',
      scopes: [] as string[],
      required: [] as Schema['ApiClientProofs'],
      expiresAt: new Date(Date.now() + 365 * DAY).toISOString().slice(0, 10),
    },
  })
  const run = useMutation({
    mutationFn: ({ expiresAt, ...v }: typeof form.values) =>
      createClient({ ...v, expiresAt: new Date(`${expiresAt}T00:00:00Z`).toISOString() }),
    onSuccess: () => changed('api-clients'),
    onError: atFields(form),
  })
  if (run.data) return <Secret created={run.data} onClose={onClose} />
  return (
    <Modal opened size="xl" onClose={onClose} title={t('web.client.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput required label={t('web.client.name')} {...form.getInputProps('name')} />
        <TextInput type="date" required w={200} label={t('web.client.expires')} {...form.getInputProps('expiresAt')} />
        <PermissionPicker
          label={t('web.client.scopes')}
          ceiling={ceiling}
          value={form.values.scopes}
          error={form.errors.scopes}
          onChange={(v) => form.setFieldValue('scopes', v)}
        />
        <Proofs value={form.values.required} onChange={(v) => form.setFieldValue('required', v)} />
        <FormButtons submit={t('web.client.make')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

/** The secret is shown this once; the server keeps only what is needed to check it. */
function Secret({ created, onClose }: { created: Schema['ApiClientCreated']; onClose: () => void }) {
  const { t } = useI18n()
  return (
    <Modal opened closeOnClickOutside={false} onClose={onClose} title={created.client.name} size="lg">
      <div className="stack">
        <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
          {t('web.client.once')}
        </Alert>
        <TextInput readOnly dir="ltr" label={t('web.client.id')} value={created.client.id} />
        <TextInput readOnly dir="ltr" label={t('web.client.secret')} value={created.secret} />
        <div className="row">
          <CopyButton value={created.secret}>
            {({ copied, copy }) => (
              <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
                {t(copied ? 'web.copied' : 'web.copy')}
              </Button>
            )}
          </CopyButton>
          <Button className="end" onClick={onClose}>
            {t('web.close')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
