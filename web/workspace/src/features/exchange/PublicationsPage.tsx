import { Button, Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { nameIn } from '../../api/published'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { oneOf } from '../../ui/oneOf'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { AUDIENCES, changed, KINDS, type OwnPublication, publicationsQuery, share, withdraw } from './queries'
import { ReasonDialog } from './ReasonDialog'

const route = getRouteApi('/house/publications')
const NONE: OwnPublication[] = []
/** The columns of the list as a file. */
const FIELDS = [
  ...'id,kind,recordId,version,sha256,publishedAt,withdrawnAt'.split(',').map((name) => `publication.${name}`),
  'audience.kind',
  'audienceSince',
]

/** The pages of the records that are published, by their kind. */
const PAGES: Record<string, '/registrations/$id' | '/recognitions/$id' | '/instruments/$id' | undefined> = {
  registration: '/registrations/$id',
  recognition: '/recognitions/$id',
  instrument: '/instruments/$id',
}

type Doing = { act: 'share' | 'withdraw'; what: OwnPublication }

/** What of ours is published, to whom and since when. */
export function PublicationsPage() {
  const { t } = useI18n()
  const { kind, audience, withdrawn } = route.useSearch()
  const to = oneOf(AUDIENCES, audience)
  const filter = { ...(kind && { kind }), ...(to && { audience: to }), ...(withdrawn && { withdrawn: true }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(publicationsQuery(filter, cursors.cursor))
  const [doing, setDoing] = useState<Doing>()
  const columns = useColumns(setDoing)
  return (
    <>
      <PageHead
        title={t('web.publications.nav')}
        lead={t('web.publications.lead')}
        acts={<ExportMenu list={{ path: '/api/v1/publications/own', filter, fields: FIELDS }} />}
      />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.publication.id}
          caption={t('web.publications.nav')}
          busy={isFetching}
          empty={<Empty title={t(kind || audience ? 'web.list.nothing-found' : 'web.publications.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
      {doing?.act === 'share' && <Share what={doing.what} onClose={() => setDoing(undefined)} />}
      {doing?.act === 'withdraw' && <Withdraw what={doing.what} onClose={() => setDoing(undefined)} />}
    </>
  )
}

function useColumns(act: (doing: Doing) => void): Column<OwnPublication>[] {
  const { t, word, text, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.publication.record'),
        cell: ({ publication: p }) => {
          const name = <bdi>{nameIn(p.content, text) || p.recordId}</bdi>
          const to = PAGES[p.kind]
          return to ? (
            <Link to={to} params={{ id: p.recordId }}>
              {name}
            </Link>
          ) : (
            name
          )
        },
      },
      {
        id: 'kind',
        header: t('web.publication.kind'),
        tight: true,
        cell: (r) => word('publication.kind.', r.publication.kind),
      },
      {
        id: 'version',
        header: t('web.publication.version'),
        num: true,
        cell: (r) => number(r.publication.version),
      },
      { id: 'audience', header: t('web.publication.audience'), cell: (r) => <Audience of={r} /> },
      {
        id: 'since',
        header: t('web.publication.since'),
        tight: true,
        cell: (r) => instant(r.audienceSince),
      },
      {
        id: 'acts',
        header: t('web.acts'),
        has: (r) => r.allowed.length > 0,
        tight: true,
        cell: (r) => (
          <div className="row">
            {r.allowed.includes('share') && (
              <Button size="compact-sm" variant="subtle" onClick={() => act({ act: 'share', what: r })}>
                {t('web.publication.share')}
              </Button>
            )}
            {r.allowed.includes('withdraw') && (
              <Button size="compact-sm" variant="subtle" color="rose" onClick={() => act({ act: 'withdraw', what: r })}>
                {t('web.publication.withdraw')}
              </Button>
            )}
          </div>
        ),
      },
    ],
    [t, word, text, number, instant, act],
  )
}

function Audience({ of: { publication: p, audience } }: { of: OwnPublication }) {
  const { t, word, instant } = useI18n()
  if (p.withdrawnAt) {
    return (
      <>
        <Tag tone="bad">{t('web.publication.withdrawn', { When: instant(p.withdrawnAt) })}</Tag>
        {p.withdrawalReason && <div className="soft small">{p.withdrawalReason}</div>}
      </>
    )
  }
  return (
    <>
      <Tag tone={audience.kind === 'public' ? 'ok' : 'info'}>{word('audience.', audience.kind)}</Tag>
      {audience.tenant && <div className="mono soft small">{audience.tenant}</div>}
    </>
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: typeof search) =>
    void navigate({
      search: (before) => {
        const { kind, audience, withdrawn } = { ...before, ...change }
        return { ...(kind && { kind }), ...(audience && { audience }), ...(withdrawn && { withdrawn }) }
      },
      replace: true,
    })
  return (
    <search className="toolbar">
      <NativeSelect
        label={t('web.publication.kind')}
        value={search.kind ?? ''}
        onChange={(e) => say({ kind: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...KINDS.map((value) => ({ value, label: word('publication.kind.', value) })),
        ]}
      />
      <NativeSelect
        label={t('web.publication.audience')}
        value={search.audience ?? ''}
        onChange={(e) => say({ audience: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...AUDIENCES.map((value) => ({ value, label: word('audience.', value) })),
        ]}
      />
      <Checkbox
        mt={28}
        label={t('web.publications.withdrawn')}
        checked={Boolean(search.withdrawn)}
        onChange={(e) => say({ withdrawn: e.currentTarget.checked ? '1' : '' })}
      />
    </search>
  )
}

type DialogProps = { what: OwnPublication; onClose: () => void }

function Share({ what, onClose }: DialogProps) {
  const { t, word, text } = useI18n()
  const form = useForm({ initialValues: { kind: what.audience.kind, tenant: what.audience.tenant ?? '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) =>
      share(what.publication.id, {
        kind: v.kind,
        ...(v.kind === 'tenant' && { tenant: v.tenant }),
        ...(v.kind === 'parties' && { instrumentId: what.audience.instrumentId }),
      }),
    onSuccess: () => {
      done(t('web.publication.shared'))
      onClose()
      return changed('publications')
    },
  })
  // Parties are those of the instrument that it was published under; another one is chosen where the record is published.
  const kinds = AUDIENCES.filter((k) => k !== 'parties' || what.audience.instrumentId)
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('web.publication.share-title', {
        Name: nameIn(what.publication.content, text) || what.publication.recordId,
      })}
    >
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} />
        <NativeSelect
          data-autofocus
          label={t('web.publication.audience')}
          data={kinds.map((value) => ({ value, label: word('audience.', value) }))}
          {...form.getInputProps('kind')}
        />
        {form.values.kind === 'tenant' && (
          <TextInput
            required
            dir="ltr"
            label={t('web.publication.tenant')}
            description={t('web.publication.tenant-hint')}
            {...form.getInputProps('tenant')}
          />
        )}
        <p className="soft small">{t('web.publication.share-note')}</p>
        <FormButtons submit={t('web.publication.share')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}

function Withdraw({ what, onClose }: DialogProps) {
  const { t, text } = useI18n()
  return (
    <ReasonDialog
      danger
      title={t('web.publication.withdraw-title', {
        Name: nameIn(what.publication.content, text) || what.publication.recordId,
      })}
      note={t('web.publication.withdraw-note')}
      submit={t('web.publication.withdraw')}
      said={t('web.publication.withdrawn-done')}
      run={(reason) => withdraw(what.publication.id, reason).then(() => changed('publications'))}
      onClose={onClose}
    />
  )
}
