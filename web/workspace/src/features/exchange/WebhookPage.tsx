import { Button, Modal, NumberInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { atFields } from '../../ui/atFields'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import {
  changed,
  DELIVERY_TONE,
  type Delivery,
  deliveriesQuery,
  forgetWebhook,
  removeWebhook,
  replayWebhook,
  retryDelivery,
  rotateSecret,
  updateWebhook,
  type Webhook,
  webhookActs,
  webhookQuery,
} from './queries'
import { WebhookFields, WebhookSecret, WebhookState } from './WebhooksPage'

const route = getRouteApi('/house/webhooks/$id')
const NONE: Delivery[] = []

/** One address that is told of changes: what can be done with it, and its delivery log. */
export function WebhookPage() {
  const { t, instant } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(webhookQuery(id))
  if (error)
    return (
      <>
        <PageHead title={t('web.webhooks.nav')} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  if (!data) return null
  const w = data.record
  return (
    <>
      <PageHead
        crumb={
          <Link to="/webhooks" className="crumb">
            <Back>{t('web.webhooks.nav')}</Back>
          </Link>
        }
        title={w.description || new URL(w.url).host}
        tag={<WebhookState of={w} />}
        lead={
          <>
            <bdi dir="ltr">{w.url}</bdi>
            {w.failingSince && <div>{t('web.webhook.failing-since', { When: instant(w.failingSince) })}</div>}
            {w.disabledAt && <div>{t('web.webhook.disabled-at', { When: instant(w.disabledAt) })}</div>}
          </>
        }
        acts={<Acts webhook={w} etag={data.etag} />}
      />
      <Deliveries webhook={w} />
    </>
  )
}

function Acts({ webhook: w, etag }: { webhook: Webhook; etag: string }) {
  const { t } = useI18n()
  const refused = useRefused()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'update' | 'replay' | 'remove'>()
  const settled = { onSuccess: () => changed('webhooks'), onError: refused }
  const run = useMutation({
    mutationFn: async (act: keyof typeof webhookActs) => void (await webhookActs[act](w.id)),
    ...settled,
  })
  const rotate = useMutation({ mutationFn: () => rotateSecret(w.id), ...settled })
  const can = (act: string) => w.allowed.includes(act)
  const close = () => setOpen(undefined)
  return (
    <>
      {(['test', 'enable', 'disable'] as const).filter(can).map((act) => (
        <Button
          key={act}
          variant={act === 'disable' ? 'default' : 'filled'}
          loading={run.isPending && run.variables === act}
          onClick={() => run.mutate(act)}
        >
          {t(`web.webhook.${act}`)}
        </Button>
      ))}
      {(['update', 'replay'] as const).filter(can).map((act) => (
        <Button key={act} variant="default" onClick={() => setOpen(act)}>
          {t(`web.webhook.${act}`)}
        </Button>
      ))}
      {can('rotate') && (
        <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
          {t('web.webhook.rotate')}
        </Button>
      )}
      {can('remove') && (
        <Button variant="outline" color="rose" onClick={() => setOpen('remove')}>
          {t('web.webhook.remove')}
        </Button>
      )}
      {rotate.data && (
        <WebhookSecret secret={rotate.data.secret} until={rotate.data.previousUntil} onClose={() => rotate.reset()} />
      )}
      {open === 'update' && <Update webhook={w} etag={etag} onClose={close} />}
      {open === 'replay' && <Replay webhook={w} onClose={close} />}
      {open === 'remove' && <Remove webhook={w} onClose={close} onDone={() => void navigate({ to: '/webhooks' })} />}
    </>
  )
}

type DialogProps = { webhook: Webhook; onClose: () => void }

function Update({ webhook: w, etag, onClose }: DialogProps & { etag: string }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { url: w.url, description: w.description, kinds: w.kinds } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => updateWebhook(w.id, etag, v),
    onSuccess: () => {
      onClose()
      return changed('webhooks')
    },
    onError: atFields(form),
  })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.webhook.update')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <WebhookFields form={form} />
        <FormButtons submit={t('web.save')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

function Replay({ webhook: w, onClose }: DialogProps) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { after: 0 } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => replayWebhook(w.id, Number(v.after)),
    onSuccess: () => {
      onClose()
      return changed('webhooks')
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.webhook.replay')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p>{t('web.webhook.replay-note')}</p>
        <NumberInput
          data-autofocus
          min={0}
          max={w.position}
          label={t('web.webhook.after')}
          {...form.getInputProps('after')}
        />
        <FormButtons submit={t('web.webhook.replay')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

function Remove({ webhook: w, onClose, onDone }: DialogProps & { onDone: () => void }) {
  const { t } = useI18n()
  const run = useMutation({
    mutationFn: () => removeWebhook(w.id),
    onSuccess: () => {
      done(t('web.webhook.removed'))
      onDone()
      return forgetWebhook(w.id)
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.webhook.remove')}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        <p>{t('web.webhook.remove-note')}</p>
        <FormButtons danger submit={t('web.webhook.remove')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

function Deliveries({ webhook: w }: { webhook: Webhook }) {
  const { t } = useI18n()
  const cursors = useCursors(w.id)
  const { data, error, isFetching, refetch } = useQuery(deliveriesQuery(w.id, cursors.cursor))
  const columns = useColumns(w)
  return (
    <Panel title={t('web.webhook.deliveries')}>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      <DataTable
        columns={columns}
        rows={data?.items ?? NONE}
        rowId={(r) => r.id}
        caption={t('web.webhook.deliveries')}
        busy={isFetching && !data}
        empty={<Empty title={t('web.webhook.no-deliveries')} />}
      />
      <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
    </Panel>
  )
}

function useColumns(w: Webhook): Column<Delivery>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      { id: 'at', header: t('web.receipt.at'), tight: true, cell: (r) => instant(r.createdAt) },
      {
        id: 'type',
        header: t('web.webhook.type'),
        cell: (r) => (
          <>
            <code>{r.type}</code>
            <div className="mono soft small" style={{ whiteSpace: 'nowrap' }}>
              <bdi dir="ltr">{r.messageId}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'status',
        header: t('web.webhook.state'),
        tight: true,
        cell: (r) => (
          <>
            <Tag tone={DELIVERY_TONE[r.status]}>{word('webhook.delivery.', r.status)}</Tag>
            {r.nextAt && r.tries > 0 && (
              <div className="soft small">{t('web.webhook.next', { When: instant(r.nextAt) })}</div>
            )}
          </>
        ),
      },
      {
        id: 'tries',
        header: t('web.webhook.tries'),
        cell: (r) => (
          <ol className="list small">
            {(r.log ?? []).map((x) => (
              <li key={x.at}>
                {instant(x.at)} · {x.response ?? word('webhook.error.', x.error ?? 'connection')} ·{' '}
                {t('web.webhook.took', { Number: number(x.tookMs) })}
              </li>
            ))}
          </ol>
        ),
      },
      { id: 'acts', header: t('web.acts'), tight: true, cell: (r) => <Retry webhook={w} delivery={r} /> },
    ],
    [t, word, number, instant, w],
  )
}

function Retry({ webhook: w, delivery: d }: { webhook: Webhook; delivery: Delivery }) {
  const { t } = useI18n()
  const refused = useRefused()
  const run = useMutation({
    mutationFn: () => retryDelivery(w.id, d.id),
    onSuccess: () => changed('webhooks'),
    onError: refused,
  })
  if (!w.allowed.includes('retry') || (d.status === 'queued' && d.tries === 0)) return null
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={run.isPending}
      aria-label={t('web.webhook.retry-this', { Name: d.messageId })}
      onClick={() => run.mutate()}
    >
      {t('web.webhook.retry')}
    </Button>
  )
}
