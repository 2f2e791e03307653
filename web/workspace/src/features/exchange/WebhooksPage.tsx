import { Alert, Button, CopyButton, Modal, MultiSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCopy, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { changed, createWebhook, KINDS, type Webhook, webhooksQuery } from './queries'

const NONE: Webhook[] = []

/** The addresses of our own systems that are told of changes, and how far each is. */
export function WebhooksPage() {
  const { t } = useI18n()
  const session = useSession()
  const { data, error, isFetching, refetch } = useQuery(webhooksQuery)
  const [making, setMaking] = useState(false)
  const columns = useColumns(data?.head ?? 0)
  return (
    <>
      <PageHead
        title={t('web.webhooks.nav')}
        lead={t('web.webhooks.lead')}
        acts={
          may(session, 'webhook:create') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
              {t('web.webhook.new')}
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
          caption={t('web.webhooks.nav')}
          busy={isFetching && !data}
          empty={<Empty title={t('web.webhooks.empty')} />}
        />
      </Panel>
      {making && <NewWebhook onClose={() => setMaking(false)} />}
    </>
  )
}

/** How an endpoint fares, in a word. */
export function WebhookState({ of: w }: { of: Webhook }) {
  const { t, word } = useI18n()
  if (w.status === 'disabled') return <Tag tone="bad">{word('webhook.disabled.', w.disabledWhy ?? 'person')}</Tag>
  if (w.failingSince) return <Tag tone="warn">{t('web.webhook.failing')}</Tag>
  return <Tag tone="ok">{t('web.webhook.active')}</Tag>
}

function useColumns(head: number): Column<Webhook>[] {
  const { t, word, number } = useI18n()
  return useMemo(
    () => [
      {
        id: 'url',
        header: t('web.webhook.url'),
        by: (r) => r.url,
        cell: (r) => (
          <>
            <Link to="/webhooks/$id" params={{ id: r.id }}>
              <bdi dir="ltr">{r.url}</bdi>
            </Link>
            {r.description && <div className="soft small">{r.description}</div>}
          </>
        ),
      },
      { id: 'state', header: t('web.webhook.state'), tight: true, cell: (r) => <WebhookState of={r} /> },
      {
        id: 'kinds',
        header: t('web.webhook.kinds'),
        cell: (r) =>
          r.kinds.length > 0 ? r.kinds.map((k) => word('publication.kind.', k)).join(' · ') : t('web.list.all'),
      },
      {
        id: 'behind',
        header: t('web.webhook.behind'),
        num: true,
        by: (r) => head - r.position + r.waiting,
        cell: (r) => number(Math.max(0, head - r.position) + r.waiting),
      },
    ],
    [t, word, number, head],
  )
}

function NewWebhook({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const form = useForm({ initialValues: { url: 'https://', description: '', kinds: [] as string[] } })
  const run = useMutation({
    mutationFn: createWebhook,
    onSuccess: () => changed('webhooks'),
    onError: atFields(form),
  })
  if (run.data) {
    const { webhook, secret } = run.data
    return (
      <WebhookSecret
        secret={secret}
        onClose={() => void navigate({ to: '/webhooks/$id', params: { id: webhook.id } })}
      />
    )
  }
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.webhook.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <WebhookFields form={form} />
        <FormButtons submit={t('web.webhook.make')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

type Fields = { url: string; description: string; kinds: string[] }

/** What is said of an endpoint, new or changed. */
export function WebhookFields({ form }: { form: ReturnType<typeof useForm<Fields>> }) {
  const { t, word } = useI18n()
  return (
    <>
      <TextInput
        data-autofocus
        required
        type="url"
        dir="ltr"
        label={t('web.webhook.url')}
        description={t('web.webhook.url-hint')}
        {...form.getInputProps('url')}
      />
      <TextInput label={t('web.webhook.description')} {...form.getInputProps('description')} />
      <MultiSelect
        clearable
        label={t('web.webhook.kinds')}
        description={t('web.webhook.kinds-hint')}
        data={KINDS.map((value) => ({ value, label: word('publication.kind.', value) }))}
        {...form.getInputProps('kinds')}
      />
    </>
  )
}

/** The secret is shown this once; the server gives it to nobody again. */
export function WebhookSecret({ secret, until, onClose }: { secret: string; until?: string; onClose: () => void }) {
  const { t, instant } = useI18n()
  return (
    <Modal opened closeOnClickOutside={false} onClose={onClose} title={t('web.webhook.secret')} size="lg">
      <div className="stack">
        <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
          {t('web.webhook.once')}
        </Alert>
        <TextInput readOnly dir="ltr" label={t('web.webhook.secret')} value={secret} />
        {until && <p>{t('web.webhook.overlap', { When: instant(until) })}</p>}
        <div className="row">
          <CopyButton value={secret}>
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
