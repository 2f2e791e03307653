import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { oneOf } from '../../ui/oneOf'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ACTS, type Receipt, receiptQuery, receiptsFile, receiptsQuery, SIDES } from './queries'

const route = getRouteApi('/house/receipts')
const NONE: Receipt[] = []

/** Who looked at us, and what we looked at: each with its signature. */
export function ReceiptsPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const side = oneOf(SIDES, search.side)
  const act = oneOf(ACTS, search.act)
  const filter = { ...(side && { side }), ...(act && { act }), ...(search.other && { other: search.other }) }
  const cursors = useCursors(JSON.stringify(filter))
  const { data, error, isFetching, refetch } = useQuery(receiptsQuery(filter, cursors.cursor))
  const [open, setOpen] = useState<string>()
  const columns = useColumns(setOpen)
  return (
    <>
      <PageHead
        title={t('web.receipts.nav')}
        lead={t('web.receipts.lead')}
        acts={
          may(session, 'receipt:export') &&
          (['csv', 'ndjson'] as const).map((format) => (
            <Button
              key={format}
              component="a"
              variant="default"
              href={receiptsFile(format, filter)}
              download
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t('web.receipts.export', { Format: format.toUpperCase() })}
            </Button>
          ))
        }
      />
      <Panel>
        <Toolbar />
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.receipts.nav')}
          busy={isFetching}
          empty={<Empty title={t(side || act || search.other ? 'web.list.nothing-found' : 'web.receipts.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
      {open && <OneReceipt id={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function useColumns(open: (id: string) => void): Column<Receipt>[] {
  const { t, word, text, number, instant } = useI18n()
  return useMemo(
    () => [
      { id: 'at', header: t('web.receipt.at'), tight: true, cell: (r) => instant(r.at) },
      { id: 'act', header: t('web.receipt.act'), tight: true, cell: (r) => <Tag>{word('receipt.act.', r.act)}</Tag> },
      {
        id: 'owner',
        header: t('web.receipt.owner'),
        cell: (r) => <bdi>{text(r.owner.names) || r.owner.slug}</bdi>,
      },
      {
        id: 'reader',
        header: t('web.receipt.reader'),
        cell: (r) => <bdi>{text(r.reader.names) || r.reader.slug}</bdi>,
      },
      { id: 'count', header: t('web.receipt.count'), num: true, cell: (r) => number(r.count) },
      {
        id: 'signed',
        header: t('web.receipt.signed'),
        tight: true,
        cell: (r) => (
          <Tag tone={r.signature ? 'ok' : 'plain'}>{t(r.signature ? 'web.receipt.yes' : 'web.receipt.soon')}</Tag>
        ),
      },
      {
        id: 'acts',
        header: t('web.acts'),
        tight: true,
        cell: (r) => (
          <Button size="compact-sm" variant="subtle" onClick={() => open(r.id)}>
            {t('web.receipt.look')}
          </Button>
        ),
      },
    ],
    [t, word, text, number, instant, open],
  )
}

function Toolbar() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const say = (change: typeof search) =>
    void navigate({
      search: (before) => {
        const { side, act, other } = { ...before, ...change }
        return { ...(side && { side }), ...(act && { act }), ...(other && { other }) }
      },
      replace: true,
    })
  const later = useDebouncedCallback(say, 300)
  return (
    <search className="toolbar">
      <NativeSelect
        label={t('web.receipt.side')}
        value={search.side ?? ''}
        onChange={(e) => say({ side: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          { value: 'owner', label: t('web.receipt.ours') },
          { value: 'reader', label: t('web.receipt.theirs') },
        ]}
      />
      <NativeSelect
        label={t('web.receipt.act')}
        value={search.act ?? ''}
        onChange={(e) => say({ act: e.currentTarget.value })}
        data={[
          { value: '', label: t('web.list.all') },
          ...ACTS.map((value) => ({ value, label: word('receipt.act.', value) })),
        ]}
      />
      <TextInput
        dir="ltr"
        label={t('web.receipt.other')}
        defaultValue={search.other}
        onChange={(e) => later({ other: e.currentTarget.value.trim() })}
      />
    </search>
  )
}

function OneReceipt({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, word, number } = useI18n()
  const { data, error } = useQuery(receiptQuery(id))
  return (
    <Modal opened size="xl" onClose={onClose} title={t('web.receipt.title')}>
      <div className="stack">
        {error && <ProblemAlert error={error} />}
        {data && (
          <>
            <DataTable
              columns={[
                {
                  id: 'kind',
                  header: t('web.publication.kind'),
                  cell: (i) => word(i.publicationId ? 'publication.kind.' : 'permission.object.', i.kind),
                },
                { id: 'record', header: t('web.publication.record'), cell: (i) => <code>{i.recordId}</code> },
                {
                  id: 'version',
                  header: t('web.publication.version'),
                  num: true,
                  cell: (i) => (i.version ? number(i.version) : '—'),
                },
                {
                  id: 'step',
                  header: t('web.receipt.step'),
                  cell: (i) => <code>{i.step ?? i.documentId ?? '—'}</code>,
                },
                {
                  id: 'basis',
                  header: t('web.receipt.basis'),
                  tight: true,
                  cell: (i) => (i.basis ? word('publication.basis.', i.basis) : '—'),
                },
              ]}
              rows={data.items ?? []}
              rowId={(i) => i.publicationId ?? i.recordId}
              caption={t('web.receipt.items')}
              empty={<Empty title={t('web.receipt.no-items')} />}
            />
            <TextInput readOnly dir="ltr" label={t('web.receipt.key')} value={data.keyId ?? ''} />
            <TextInput readOnly dir="ltr" label={t('web.receipt.signature')} value={data.signature ?? ''} />
            <p className="soft small">{t('web.receipt.check')}</p>
          </>
        )}
      </div>
    </Modal>
  )
}
