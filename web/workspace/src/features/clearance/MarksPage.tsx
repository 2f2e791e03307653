import { Button } from '@mantine/core'
import { IconPlus, IconUpload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ChoiceField, OfficeField, SearchField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { useRefused } from '../../ui/ProblemAlert'
import { ImportDialog } from './ImportDialog'
import { MarkDialog } from './MarkDialog'
import {
  KINDS,
  listsQuery,
  type Mark,
  type MarkFilter,
  type MarkList,
  marksChanged,
  marksQuery,
  removeList,
  removeMark,
} from './queries'

const route = getRouteApi('/house/earlier-marks')

/** What was there before: marks, varieties, indications of elsewhere and generic terms, each from a list that says its source. */
export function MarksPage() {
  const { t } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const kind = oneOf(KINDS, search.kind)
  const filter: MarkFilter = {
    ...(search.q && { q: search.q }),
    ...(kind && { kind }),
    ...(search.listId && { listId: search.listId }),
    ...(search.office && { office: search.office }),
  }
  const [dialog, setDialog] = useState<'add' | 'import'>()
  return (
    <>
      <PageHead
        title={t('web.marks.nav')}
        lead={t('web.marks.lead')}
        crumb={
          <Link to="/clearance" className="crumb">
            <Back>{t('web.clearance.nav')}</Back>
          </Link>
        }
        acts={
          <>
            {may(session, 'earlier-mark:import') && (
              <Button
                variant="default"
                leftSection={<IconUpload size={16} aria-hidden />}
                onClick={() => setDialog('import')}
              >
                {t('web.marks.import')}
              </Button>
            )}
            {may(session, 'earlier-mark:add') && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('add')}>
                {t('web.marks.add')}
              </Button>
            )}
          </>
        }
      />
      <div className="stack">
        <Lists />
        <ListPanel
          ordered
          filter={filter}
          query={(cursor) => marksQuery(filter, cursor)}
          columns={useColumns()}
          caption={t('web.marks.nav')}
          empty={t('web.marks.empty')}
        >
          <Fields />
        </ListPanel>
      </div>
      {dialog === 'add' && <MarkDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'import' && <ImportDialog onClose={() => setDialog(undefined)} />}
    </>
  )
}

function Lists() {
  const { t, number, day } = useI18n()
  const { data = [] } = useQuery(listsQuery)
  const refused = useRefused()
  const [sure, setSure] = useState('')
  const remove = useMutation({ mutationFn: removeList, onSuccess: () => marksChanged(), onError: refused })
  if (data.length === 0) return null
  const acts = (l: MarkList) =>
    sure === l.id ? (
      <>
        <Button size="compact-xs" color="rose" loading={remove.isPending} onClick={() => remove.mutate(l.id)}>
          {t('web.marks.remove-sure', { Count: l.marks })}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setSure('')}>
          {t('web.cancel')}
        </Button>
      </>
    ) : (
      <Button
        size="compact-xs"
        variant="subtle"
        color="rose"
        aria-label={t('web.form.remove', { Name: l.name })}
        onClick={() => setSure(l.id)}
      >
        {t('web.marks.remove')}
      </Button>
    )
  return (
    <Panel title={t('web.marks.lists')}>
      <ul className="findings">
        {data.map((l) => (
          <li key={l.id} className="row">
            <Link to="/earlier-marks" search={{ listId: l.id }}>
              <bdi>{l.name}</bdi>
            </Link>
            <span className="soft small">
              {number(l.marks)} · <bdi>{l.source}</bdi> · {day(l.takenOn)}
            </span>
            {l.allowed.includes('remove') && acts(l)}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Fields() {
  const { t, word } = useI18n()
  const search = route.useSearch()
  const { say, later } = useSay<typeof search>()
  return (
    <>
      <SearchField label={t('web.marks.sign')} value={search.q} onSay={(q) => later({ q })} />
      <ChoiceField
        label={t('web.marks.kind')}
        value={search.kind}
        onSay={(kind) => say({ kind })}
        words={KINDS}
        name={(kind) => word('clearance.right.', kind)}
      />
      <OfficeField
        label={t('web.marks.office')}
        value={search.office}
        placeholder="CN"
        onSay={(office) => say({ office })}
      />
      {search.listId && (
        <Link to="/earlier-marks" className="small" style={{ alignSelf: 'end', paddingBlockEnd: 10 }}>
          {t('web.marks.of-all')}
        </Link>
      )}
    </>
  )
}

function useColumns(): Column<Mark>[] {
  const { t, word, market, day } = useI18n()
  const refused = useRefused()
  const { mutate } = useMutation({ mutationFn: removeMark, onSuccess: () => marksChanged(), onError: refused })
  return useMemo(
    () => [
      {
        id: 'sign',
        header: t('web.marks.sign'),
        cell: (r) => (
          <>
            <b>
              <bdi>{r.sign}</bdi>
            </b>
            <div className="soft small">
              {[r.transcription, r.translation].filter(Boolean).map((form) => (
                <div key={form}>
                  <bdi>{form}</bdi>
                </div>
              ))}
            </div>
          </>
        ),
      },
      { id: 'kind', header: t('web.marks.kind'), cell: (r) => word('clearance.right.', r.kind) },
      {
        id: 'number',
        header: t('web.marks.number'),
        cell: (r) => (
          <>
            <bdi className="mono">{r.number}</bdi>
            <div className="soft small">
              <bdi>{r.holder}</bdi>
            </div>
          </>
        ),
      },
      {
        id: 'office',
        header: t('web.marks.office'),
        cell: (r) => (r.office ? market(r.office) : t('clearance.everywhere')),
      },
      {
        id: 'classes',
        header: t('web.clearance.classes'),
        cell: (r) => r.classes?.map((c) => `${c.scheme} ${c.code}`).join(', '),
      },
      {
        id: 'since',
        header: t('web.marks.priority'),
        tight: true,
        cell: (r) => (
          <>
            {r.priorityOn && day(r.priorityOn)}
            <div className="soft small">{word('earlier-mark.status.', r.status)}</div>
          </>
        ),
      },
      {
        id: 'list',
        header: t('web.marks.list'),
        cell: (r) => (
          <>
            <bdi>{r.list}</bdi>
            {r.allowed.includes('remove') && (
              <div>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="rose"
                  aria-label={t('web.form.remove', { Name: r.sign })}
                  onClick={() => mutate(r.id)}
                >
                  {t('web.marks.remove')}
                </Button>
              </div>
            )}
          </>
        ),
      },
    ],
    [t, word, market, day, mutate],
  )
}
