import { Button, Modal, MultiSelect, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { oneOf } from '../../ui/oneOf'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { changed, type Grant, giveGrant, grantsQuery, KINDS, revokeGrant, SIDES, STATE_TONE, STATES } from './queries'
import { ReasonDialog } from './ReasonDialog'

const route = getRouteApi('/house/grants')
const NONE: Grant[] = []
const DAY = 86_400_000

/** Rights to read that we gave and got. */
export function GrantsPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const side = oneOf(SIDES, search.side)
  const state = oneOf(STATES, search.state)
  const filter = { ...(side && { side }), ...(state && { state }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(grantsQuery(filter, cursors.cursor))
  const [giving, setGiving] = useState(false)
  const [revoking, setRevoking] = useState<Grant>()
  const columns = useColumns(setRevoking)
  return (
    <>
      <PageHead
        title={t('web.grants.nav')}
        lead={t('web.grants.lead')}
        acts={
          may(session, 'grant:create') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setGiving(true)}>
              {t('web.grant.new')}
            </Button>
          )
        }
      />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.grants.nav')}
          busy={isFetching}
          empty={<Empty title={t(side || state ? 'web.list.nothing-found' : 'web.grants.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
      {giving && <Give onClose={() => setGiving(false)} />}
      {revoking && <Revoke grant={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  )
}

function useColumns(revoke: (g: Grant) => void): Column<Grant>[] {
  const { t, word, text, number, instant } = useI18n()
  const own = useSession().tenant.slug
  return useMemo(
    () => [
      {
        id: 'other',
        header: t('web.grant.other'),
        cell: (r) => {
          const gave = r.owner.slug === own
          const other = gave ? r.reader : r.owner
          return (
            <>
              <bdi>{text(other.names) || other.slug}</bdi>
              <div className="soft small">{t(gave ? 'web.grant.given' : 'web.grant.got')}</div>
            </>
          )
        },
      },
      {
        id: 'scope',
        header: t('web.grant.scope'),
        cell: (r) => (
          <>
            {r.kinds.map((k) => word('publication.kind.', k)).join(' · ')}
            {r.records.length > 0 && (
              <div className="soft small">{t('web.grant.records', { Number: number(r.records.length) })}</div>
            )}
          </>
        ),
      },
      { id: 'purpose', header: t('web.grant.purpose'), cell: (r) => r.purpose },
      { id: 'until', header: t('web.grant.until'), tight: true, cell: (r) => instant(r.until) },
      {
        id: 'state',
        header: t('web.grant.state'),
        tight: true,
        cell: (r) => (
          <>
            <Tag tone={STATE_TONE[r.state]}>{word('grant.state.', r.state)}</Tag>
            {r.reason && <div className="soft small">{r.reason}</div>}
          </>
        ),
      },
      {
        id: 'acts',
        header: t('web.acts'),
        has: (r) => r.allowed.length > 0,
        tight: true,
        cell: (r) =>
          r.allowed.includes('revoke') && (
            <Button size="compact-sm" variant="subtle" color="rose" onClick={() => revoke(r)}>
              {t('web.grant.revoke')}
            </Button>
          ),
      },
    ],
    [t, word, text, number, instant, own, revoke],
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: typeof search) =>
    void navigate({
      search: (before) => {
        const { side, state } = { ...before, ...change }
        return { ...(side && { side }), ...(state && { state }) }
      },
      replace: true,
    })
  return (
    <search className="toolbar">
      <NativeSelect
        label={t('web.grant.side')}
        value={search.side ?? ''}
        onChange={(e) => say({ side: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          { value: 'owner', label: t('web.grant.given') },
          { value: 'reader', label: t('web.grant.got') },
        ]}
      />
      <NativeSelect
        label={t('web.grant.state')}
        value={search.state ?? ''}
        onChange={(e) => say({ state: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...STATES.map((value) => ({ value, label: word('grant.state.', value) })),
        ]}
      />
    </search>
  )
}

function Give({ onClose }: { onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({
    initialValues: {
      reader: '',
      kinds: ['registration'] as string[],
      purpose: '',
      until: new Date(Date.now() + 90 * DAY).toISOString().slice(0, 10),
    },
  })
  const run = useMutation({
    mutationFn: ({ until, ...v }: typeof form.values) =>
      giveGrant({ ...v, until: new Date(`${until || '0001-01-01'}T00:00:00Z`).toISOString() }),
    onSuccess: () => {
      done(t('web.grant.done'))
      onClose()
      return changed('grants')
    },
    onError: atFields(form),
  })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.grant.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput
          data-autofocus
          required
          dir="ltr"
          label={t('web.grant.reader')}
          description={t('web.publication.tenant-hint')}
          {...form.getInputProps('reader')}
        />
        <MultiSelect
          required
          label={t('web.grant.scope')}
          description={t('web.grant.scope-hint')}
          data={KINDS.map((value) => ({ value, label: word('publication.kind.', value) }))}
          {...form.getInputProps('kinds')}
        />
        <Textarea required autosize label={t('web.grant.purpose')} {...form.getInputProps('purpose')} />
        <TextInput type="date" required w={200} label={t('web.grant.until')} {...form.getInputProps('until')} />
        <FormButtons submit={t('web.grant.give')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

function Revoke({ grant, onClose }: { grant: Grant; onClose: () => void }) {
  const { t, text } = useI18n()
  return (
    <ReasonDialog
      danger
      title={t('web.grant.revoke-title', { Name: text(grant.reader.names) || grant.reader.slug })}
      note={t('web.grant.revoke-note')}
      submit={t('web.grant.revoke')}
      said={t('web.grant.revoked')}
      run={(reason) => revokeGrant(grant.id, reason).then(() => changed('grants'))}
      onClose={onClose}
    />
  )
}
