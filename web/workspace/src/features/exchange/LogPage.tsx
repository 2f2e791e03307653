import { Button, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { grouped } from './HouseForms'
import { type LogEntry, logEntriesQuery, logEntryQuery, logQuery, proofOf } from './queries'
import { Witnesses } from './Witnesses'

const NONE: LogEntry[] = []

/** The transparency log: its head, its entries, and who cosigns it. */
export function LogPage() {
  const { t, number } = useI18n()
  const { data: log, error } = useQuery(logQuery)
  const cursors = useCursors('log')
  const entries = useQuery(logEntriesQuery(cursors.cursor))
  const [open, setOpen] = useState<number>()
  const columns = useColumns(setOpen)
  return (
    <>
      <PageHead
        title={t('page.log.heading')}
        lead={t('page.log.lead')}
        acts={
          <Button component="a" variant="default" href="/log">
            {t('web.log.public')}
          </Button>
        }
      />
      <div className="stack">
        {error && <ProblemAlert error={error} />}
        <Panel title={t('page.log.checkpoint')}>
          <p className="nums">{t('web.log.size', { Number: number(log?.size ?? 0) })}</p>
          {log?.fingerprint && (
            <p className="small">
              {t('page.log.fingerprint')}{' '}
              <bdi dir="ltr" className="mono">
                {grouped(log.fingerprint)}
              </bdi>
            </p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard */}
          <pre dir="ltr" className="mono small" tabIndex={0} style={{ overflowX: 'auto' }}>
            {log?.checkpoint}
          </pre>
        </Panel>
        <Panel title={t('page.log.entries')}>
          <Find found={setOpen} />
          {entries.error && <ProblemAlert error={entries.error} retry={() => void entries.refetch()} />}
          <DataTable
            columns={columns}
            rows={entries.data?.items ?? NONE}
            rowId={(r) => String(r.index)}
            caption={t('page.log.entries')}
            busy={entries.isFetching && !entries.data}
            empty={<Empty title={t('page.keys.no-publications')} />}
          />
          <CursorPager cursors={cursors} next={entries.data?.next} shown={entries.data?.items.length ?? 0} />
        </Panel>
        <Witnesses />
        {open !== undefined && <Entry index={open} onClose={() => setOpen(undefined)} />}
      </div>
    </>
  )
}

function useColumns(open: (index: number) => void): Column<LogEntry>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      { id: 'index', header: t('page.log.number'), num: true, cell: (r) => number(r.index) },
      { id: 'at', header: t('page.log.at'), tight: true, cell: (r) => instant(r.at) },
      {
        id: 'event',
        header: t('page.log.event'),
        cell: (r) =>
          r.event
            ? `${word('page.log.event.', r.event)} · ${word('publication.kind.', r.kind ?? '')}`
            : t('page.log.sealed'),
      },
      { id: 'publisher', header: t('page.keys.publisher'), cell: (r) => <bdi>{r.publisher ?? '—'}</bdi> },
      {
        id: 'hash',
        header: 'SHA-256',
        cell: (r) => <bdi className="mono small">{(r.sha256 ?? r.commitment ?? '').slice(0, 16)}…</bdi>,
      },
      {
        id: 'acts',
        header: t('web.acts'),
        tight: true,
        cell: (r) => (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t('page.log.entry', { Number: number(r.index) })}
            onClick={() => open(r.index)}
          >
            {t('web.receipt.look')}
          </Button>
        ),
      },
    ],
    [t, word, number, instant, open],
  )
}

/** From a publication's id to its entry; of what is not for everybody, for those who may read it. */
function Find({ found }: { found: (index: number) => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { publication: '' } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => proofOf(v.publication.trim()),
    onSuccess: (p) => found(p.index),
  })
  return (
    <>
      <form noValidate className="toolbar" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <TextInput dir="ltr" label={t('page.log.publication')} {...form.getInputProps('publication')} />
        <Button type="submit" variant="default" loading={run.isPending} mt="auto">
          {t('page.log.prove')}
        </Button>
      </form>
      <ProblemAlert error={run.error} />
    </>
  )
}

function Entry({ index, onClose }: { index: number; onClose: () => void }) {
  const { t, number } = useI18n()
  const { data, error } = useQuery(logEntryQuery(index))
  return (
    <Modal opened size="xl" onClose={onClose} title={t('page.log.entry', { Number: number(index) })}>
      <div className="stack">
        {error && <ProblemAlert error={error} />}
        {data && (
          <>
            <p>{t(data.entry.commitment ? 'page.log.sealed-about' : 'page.log.entry-about')}</p>
            <TextInput readOnly dir="ltr" label={t('page.log.hashed')} value={data.entry.text} />
            <TextInput readOnly dir="ltr" label={t('page.log.leaf')} value={data.leaf} />
            <p className="soft small">{t('page.log.proof-about')}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard */}
            <pre dir="ltr" className="mono small" tabIndex={0} style={{ overflowX: 'auto' }}>
              {data.proof}
            </pre>
            <div>
              <Button
                component="a"
                href={`/log/entries/${index}/tlog-proof`}
                download
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden />}
              >
                {t('page.log.download')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Modal>
  )
}
