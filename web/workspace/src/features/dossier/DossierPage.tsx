import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { PageHead } from '../../ui/Page'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Annexes } from './Annexes'
import { Builds } from './Builds'
import { Completeness } from './Completeness'
import { DossierTag } from './DossierTag'
import { ProductText } from './ProductText'
import { ACTS, act, dossierQuery, withdraw } from './queries'
import { Segments } from './Segments'

/** A dossier from its first draft to its issued papers. */
export function DossierPage() {
  const { id } = useParams({ from: '/house/dossiers/$id' })
  const { t, word, market, instant } = useI18n()
  const queries = useQueryClient()
  const refused = useRefused()
  const { data, error } = useQuery(dossierQuery(id))
  const [withdrawing, setWithdrawing] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: ['dossiers'] })
  const move = useMutation({
    mutationFn: (a: (typeof ACTS)[number]) => act(id, a),
    onSuccess: refresh,
    onError: refused,
  })
  if (error) return <ProblemAlert error={error} />
  if (!data) return <p className="soft">{t('web.loading')}</p>
  const d = data.record
  const may = (a: string) => d.allowed.includes(a)
  return (
    <>
      <PageHead
        title={`${d.registrationName} → ${market(d.market)}`}
        tag={<DossierTag status={d.status} />}
        lead={
          d.number ? (
            <>
              <bdi>{d.number}</bdi> {d.issuedAt && instant(d.issuedAt)}
            </>
          ) : undefined
        }
        acts={
          <>
            {ACTS.filter(may).map((a) => (
              <Button
                key={a}
                variant={a === 'collect' && d.status !== 'draft' ? 'default' : 'filled'}
                loading={move.isPending && move.variables === a}
                onClick={() => move.mutate(a)}
              >
                {word('dossier.act.', a)}
              </Button>
            ))}
            {may('withdraw') && (
              <Button variant="default" color="rose" onClick={() => setWithdrawing(true)}>
                {word('dossier.act.', 'withdraw')}
              </Button>
            )}
          </>
        }
      />
      {d.withdrawnWhy && <blockquote className="quote">{d.withdrawnWhy}</blockquote>}
      <div className="grid">
        <Completeness className="w7" dossier={d} />
        <div className="stack w5">
          <Builds dossier={d} />
          <Annexes dossier={d} etag={data.etag} onChanged={refresh} />
        </div>
        <ProductText className="w12" dossier={d} etag={data.etag} onChanged={refresh} />
        <Segments className="w12" dossier={d} onChanged={refresh} />
      </div>
      {withdrawing && <WithdrawDialog id={id} onClose={() => setWithdrawing(false)} onDone={refresh} />}
    </>
  )
}

function WithdrawDialog({ id, onClose, onDone }: { id: string; onClose: () => void; onDone: () => Promise<void> }) {
  const { t, word } = useI18n()
  const [reason, setReason] = useState('')
  const send = useMutation({
    mutationFn: () => withdraw(id, reason),
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={word('dossier.act.', 'withdraw')}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          send.mutate()
        }}
      >
        <ProblemAlert error={send.error} />
        <Textarea
          required
          data-autofocus
          autosize
          minRows={3}
          label={t('web.dossier.withdrawWhy')}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('web.cancel')}
          </Button>
          <Button type="submit" color="rose" loading={send.isPending}>
            {word('dossier.act.', 'withdraw')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
