import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Refusal } from '../../api/problem'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import {
  type Basis,
  changed,
  type Ground,
  type Instrument,
  type Period,
  type ProcedureVersion,
  procedureQuery,
  type Step,
  templatesQuery,
  updateProcedure,
} from './queries'

/** How names are recognised under an instrument: its steps, its periods, its grounds, and where each is found in the law. */
export function ProcedurePanel({ of: i }: { of: Instrument }) {
  const { t, number } = useI18n()
  const [version, setVersion] = useState<number>()
  const newest = useQuery(procedureQuery(i.id))
  const { data, error, errorUpdateCount } = useQuery(procedureQuery(i.id, version))
  // While it is asked again there is no error for a moment: what somebody was choosing then would be gone.
  const none = !data && errorUpdateCount > 0 && (!error || (error instanceof Refusal && error.status === 404))
  return (
    <Panel
      title={t('web.procedure.title')}
      aside={
        i.allowed.includes('update') &&
        data && (
          <LinkButton variant="default" to="/instruments/$id/procedure" params={{ id: i.id }}>
            {t('web.procedure.adapt')}
          </LinkButton>
        )
      }
    >
      {none ? <Choose of={i} /> : <ProblemAlert error={error} />}
      {newest.data && newest.data.version > 1 && (
        <NativeSelect
          w={200}
          mb="sm"
          label={t('web.procedure.version')}
          value={String(version ?? newest.data.version)}
          onChange={(e) => setVersion(Number(e.currentTarget.value))}
          data={Array.from({ length: newest.data.version }, (_, n) => ({
            value: String(newest.data.version - n),
            label: number(newest.data.version - n),
          }))}
        />
      )}
      {data && <Shown of={data} />}
    </Panel>
  )
}

/** An instrument without a procedure takes one over that comes with the house. */
function Choose({ of: i }: { of: Instrument }) {
  const { t, text } = useI18n()
  const { data } = useQuery(templatesQuery)
  const [code, setCode] = useState('')
  const take = useMutation({
    mutationFn: () => {
      const chosen = data?.items.find((x) => x.code === code)
      if (!chosen) throw new Error('no template is chosen')
      return updateProcedure(i.id, i.etag, chosen.procedure)
    },
    onSuccess: () => changed('instruments'),
  })
  if (!i.allowed.includes('update')) return <p className="soft">{t('web.procedure.none')}</p>
  return (
    <div className="stack">
      <ProblemAlert error={take.error} />
      <NativeSelect
        label={t('web.procedure.from')}
        description={t('web.procedure.from-why')}
        value={code}
        onChange={(e) => setCode(e.currentTarget.value)}
        data={[
          { value: '', label: '' },
          ...(data?.items ?? []).map((x) => ({ value: x.code, label: `${text(x.titles)} (${x.code})` })),
        ]}
      />
      <div>
        <Button disabled={!code} loading={take.isPending} onClick={() => take.mutate()}>
          {t('web.procedure.take')}
        </Button>
      </div>
    </div>
  )
}

function Shown({ of: v }: { of: ProcedureVersion }) {
  const { t } = useI18n()
  const { steps, periods, grounds } = v.procedure
  return (
    <div className="stack">
      <DataTable
        columns={useSteps(v)}
        rows={steps}
        rowId={(s) => s.act}
        caption={t('web.procedure.steps')}
        empty={t('web.procedure.none')}
      />
      <DataTable
        columns={usePeriods()}
        rows={periods}
        rowId={(p) => p.code}
        caption={t('web.procedure.periods')}
        empty={t('web.procedure.no-periods')}
      />
      <DataTable
        columns={useGrounds()}
        rows={grounds}
        rowId={(g) => g.code}
        caption={t('web.procedure.grounds')}
        empty={t('web.procedure.any-ground')}
      />
    </div>
  )
}

/** Where a provision is found. What nobody read in the law is said to be so. */
function Found({ of: b }: { of: Basis }) {
  const { t } = useI18n()
  const words = b.citation || b.url
  return (
    <>
      {!b.verified && <Tag tone="warn">{t('web.procedure.unverified')}</Tag>}{' '}
      {b.url ? (
        <a href={b.url} rel="noreferrer" target="_blank">
          <bdi>{words}</bdi>
        </a>
      ) : (
        <bdi>{words}</bdi>
      )}
    </>
  )
}

function useSteps(v: ProcedureVersion): Column<Step>[] {
  const { t, word, text, language } = useI18n()
  const sides = (s: Step) => v.sides.find((x) => x.act === s.act)?.sides ?? []
  return [
    {
      id: 'act',
      header: t('web.procedure.steps'),
      cell: (s) => (
        <>
          {word('case.act.', s.act)}
          {s.titles && <div className="soft small">{text(s.titles)}</div>}
        </>
      ),
    },
    {
      id: 'who',
      header: t('web.procedure.who'),
      cell: (s) =>
        sides(s)
          .map((side) => word('case.side.', side))
          .join(' · '),
    },
    {
      id: 'documents',
      header: t('web.procedure.documents'),
      cell: (s) =>
        (s.documents ?? []).map((d) => (
          <div key={d.kind}>
            {text(d.titles ?? {}) || d.kind}
            {d.languages && <span className="soft small"> {d.languages.map(language).join(', ')}</span>}
          </div>
        )),
    },
    { id: 'basis', header: t('web.procedure.basis'), cell: (s) => <Found of={s.basis} /> },
  ]
}

function usePeriods(): Column<Period>[] {
  const { t, word, text, number } = useI18n()
  const acts = (all: readonly string[]) => all.map((a) => word('case.act.', a)).join(', ')
  return [
    {
      id: 'code',
      header: t('web.procedure.periods'),
      cell: (p) => (
        <>
          {text(p.titles ?? {}) || p.code}
          {p.markets && <div className="soft small">{p.markets.join(', ')}</div>}
        </>
      ),
    },
    {
      id: 'length',
      header: t('web.procedure.length'),
      cell: (p) => `${number(p.length.count)} ${word('web.procedure.unit.', p.length.unit)}`,
    },
    { id: 'side', header: t('web.procedure.who'), cell: (p) => word('case.side.', p.side) },
    {
      id: 'clock',
      header: t('web.procedure.clock'),
      cell: (p) => (
        <>
          <div>{t('web.procedure.starts', { Acts: acts(p.starts), Day: word('web.procedure.day.', p.from) })}</div>
          <div>{t('web.procedure.ends', { Acts: acts(p.ends) || '—' })}</div>
          <div className="soft small">
            {[
              p.calendar,
              p.rolls && t('web.procedure.rolls'),
              p.pauses && t('web.procedure.pauses'),
              p.lastDay === 'end-of-month' && t('web.procedure.end-of-month'),
              p.extends &&
                t('web.procedure.extends', {
                  Times: number(p.extends.times),
                  Most: `${number(p.extends.most.count)} ${word('web.procedure.unit.', p.extends.most.unit)}`,
                }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </>
      ),
    },
    {
      id: 'silence',
      header: t('web.procedure.silence'),
      cell: (p) => (p.silence ? word('case.act.', p.silence) : t('web.procedure.nothing')),
    },
    { id: 'basis', header: t('web.procedure.basis'), cell: (p) => <Found of={p.basis} /> },
  ]
}

function useGrounds(): Column<Ground>[] {
  const { t, text, word } = useI18n()
  return [
    { id: 'code', header: t('web.procedure.grounds'), cell: (g) => text(g.titles ?? {}) || g.code },
    {
      id: 'of',
      header: t('web.procedure.of'),
      cell: (g) => g.of.map((o) => word('web.procedure.ground.', o)).join(' · '),
    },
    { id: 'basis', header: t('web.procedure.basis'), cell: (g) => <Found of={g.basis} /> },
  ]
}
