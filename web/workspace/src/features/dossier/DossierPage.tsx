import { Button, Modal, Skeleton, Tabs, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Refusal } from '../../api/problem'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { AnnexesPanel } from './AnnexesPanel'
import { CompletenessPanel } from './CompletenessPanel'
import { PapersPanel } from './PapersPanel'
import { actsIn, changed, type Dossier, dossierQuery, perform, STATUS, WAY, withdraw } from './queries'
import { TextsPanel } from './TextsPanel'

const route = getRouteApi('/house/dossiers/$id')
const TABS = ['completeness', 'texts', 'annexes', 'papers'] as const

export function DossierPage() {
  const { locale, t } = useI18n()
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(dossierQuery(id, locale))
  if (error) {
    return (
      <>
        <PageHead title={t('web.dossiers.nav')} crumb={<Crumb />} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown dossier={data.record} etag={data.etag} />
}

const Crumb = () => {
  const { t } = useI18n()
  return (
    <Link to="/dossiers" className="crumb">
      <Back>{t('web.dossiers.nav')}</Back>
    </Link>
  )
}

function Shown({ dossier: d, etag }: { dossier: Dossier; etag: string }) {
  const { t, text, word, market } = useI18n()
  const { tab } = route.useSearch()
  const navigate = route.useNavigate()
  const shown = TABS.find((x) => x === tab) ?? 'completeness'
  const show = (to: string | null) => void navigate({ search: (s) => ({ ...s, tab: to ?? undefined }), replace: true })
  const panel = {
    completeness: <CompletenessPanel dossier={d} onGo={show} />,
    texts: <TextsPanel dossier={d} />,
    annexes: <AnnexesPanel dossier={d} etag={etag} />,
    papers: <PapersPanel dossier={d} />,
  }
  return (
    <>
      <PageHead
        title={text(d.title) || d.registrationName}
        crumb={<Crumb />}
        tag={<Tag tone={STATUS[d.status].tone}>{word('dossier.status.', d.status)}</Tag>}
        acts={<Acts dossier={d} />}
        lead={
          <>
            <Link to="/registrations/$id" params={{ id: d.registrationId }}>
              <bdi>{d.registrationName}</bdi>
            </Link>{' '}
            · {market(d.market)} {d.number && <bdi className="mono">{d.number}</bdi>}
          </>
        }
      />
      <div className="stack">
        <Way dossier={d} />
        {d.withdrawnWhy && (
          <p className="quote" dir="auto">
            {d.withdrawnWhy}
          </p>
        )}
        <Tabs value={shown} onChange={show} keepMounted={false}>
          <Tabs.List mb="md">
            {TABS.map((x) => (
              <Tabs.Tab key={x} value={x}>
                {t(`web.dossier.tab.${x}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {TABS.map((x) => (
            <Tabs.Panel key={x} value={x}>
              {panel[x]}
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
    </>
  )
}

function Way({ dossier: d }: { dossier: Dossier }) {
  const { t, word } = useI18n()
  const stage = STATUS[d.status].stage
  if (stage === undefined) return null
  return (
    <ol className="river" aria-label={t('web.dossier.way')}>
      {WAY.map((s, i) => (
        <li
          key={s}
          data-at={i === stage ? 'now' : i < stage ? 'past' : undefined}
          aria-current={i === stage ? 'step' : undefined}
        >
          {word('dossier.status.', s)}
        </li>
      ))}
    </ol>
  )
}

function Acts({ dossier: d }: { dossier: Dossier }) {
  const { t, word } = useI18n()
  const refused = useRefused()
  const [leaving, setLeaving] = useState(false)
  const run = useMutation({
    mutationFn: (act: Parameters<typeof perform>[1]) => perform(d.id, act),
    onSuccess: async (_, act) => {
      await changed()
      done(t('web.act.done', { Name: word('dossier.act.', act) }))
    },
    onError: refused,
  })
  return (
    <>
      {actsIn(d.allowed).map((act) => (
        <Button
          key={act}
          variant={STATUS[d.status].stage && act === 'collect' ? 'default' : 'filled'}
          loading={run.isPending && run.variables === act}
          disabled={run.isPending}
          onClick={() => run.mutate(act)}
        >
          {word('dossier.act.', act)}
        </Button>
      ))}
      {d.allowed.includes('withdraw') && (
        <Button variant="outline" color="rose" onClick={() => setLeaving(true)}>
          {word('dossier.act.', 'withdraw')}
        </Button>
      )}
      {leaving && <WithdrawDialog id={d.id} onClose={() => setLeaving(false)} />}
    </>
  )
}

function WithdrawDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, word } = useI18n()
  const [reason, setReason] = useState('')
  const run = useMutation({
    mutationFn: () => withdraw(id, reason),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  const problem = run.error instanceof Refusal ? run.error.problem : undefined
  const atReason = problem?.details?.find((x) => x.pointer === '/reason')?.message
  return (
    <Modal opened onClose={onClose} title={word('dossier.act.', 'withdraw')}>
      <form
        className="stack"
        noValidate
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} placed={atReason ? ['reason'] : []} />
        <Textarea
          required
          autosize
          minRows={2}
          label={t('web.act.reason')}
          description={t('web.dossier.withdraw-why')}
          value={reason}
          error={atReason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <FormButtons submit={word('dossier.act.', 'withdraw')} onCancel={onClose} busy={run.isPending} danger />
      </form>
    </Modal>
  )
}
