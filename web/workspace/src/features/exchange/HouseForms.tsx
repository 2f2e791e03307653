import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { followHouse, type HouseOf, lookAtHouse, readdressHouse, removeHouse, suspendHouse } from './queries'
import { ReasonDialog } from './ReasonDialog'

type Sight = Schema['HouseSight']

/** A fingerprint in groups of four, as people read it out. */
export const grouped = (fingerprint: string) => fingerprint.replace(/(.{4})(?=.)/g, '$1 ')

/**
 * Follows a house, or changes the one given: first the house at the address is asked who it is, then the operator confirms
 * the fingerprint of its key.
 */
export function HouseForm({ house, onClose }: { house?: HouseOf; onClose: () => void }) {
  const { word } = useI18n()
  const [seen, setSeen] = useState<Sight>()
  const act = house ? 'update' : 'create'
  return (
    <Modal opened size="lg" onClose={onClose} title={word('partner-house.act.', act)}>
      {seen ? (
        <Confirm of={seen} house={house} onBack={() => setSeen(undefined)} onClose={onClose} />
      ) : (
        <Look at={house?.url ?? 'https://'} onSeen={setSeen} onClose={onClose} />
      )}
    </Modal>
  )
}

function Look({ at, onSeen, onClose }: { at: string; onSeen: (s: Sight) => void; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { url: at } })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => lookAtHouse(v.url),
    onSuccess: onSeen,
    onError: atFields(form),
  })
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <TextInput
        data-autofocus
        required
        type="url"
        dir="ltr"
        label={t('web.houses.url')}
        description={t('web.houses.url-hint')}
        {...form.getInputProps('url')}
      />
      <FormButtons submit={t('web.houses.look')} onCancel={onClose} busy={run.isPending} />
    </form>
  )
}

type ConfirmProps = { of: Sight; house: HouseOf | undefined; onBack: () => void; onClose: () => void }

function Confirm({ of: s, house, onBack, onClose }: ConfirmProps) {
  const { t, number } = useI18n()
  const [compared, setCompared] = useState(false)
  const [newest] = s.keys
  const run = useMutation({
    mutationFn: (key: string) =>
      house ? readdressHouse(house.id, { url: s.url, key }) : followHouse({ url: s.url, key }),
    onSuccess: () => {
      done(t(house ? 'web.houses.changed' : 'web.houses.done'))
      onClose()
    },
  })
  if (!newest) return null
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(e) => {
        e.preventDefault()
        run.mutate(newest.key)
      }}
    >
      <ProblemAlert error={run.error} />
      <dl className="facts">
        <dt>{t('web.received.house')}</dt>
        <dd>
          <bdi className="mono">{s.name}</bdi>
          <div className="soft small">{t('web.log.size', { Number: number(s.logSize) })}</div>
        </dd>
        <dt>{t('web.houses.fingerprint')}</dt>
        <dd>
          <bdi dir="ltr" className="mono">
            {grouped(newest.fingerprint)}
          </bdi>
        </dd>
      </dl>
      <p>{t('web.houses.confirm')}</p>
      <Checkbox
        data-autofocus
        label={t('web.houses.compared')}
        checked={compared}
        onChange={(e) => setCompared(e.currentTarget.checked)}
      />
      <div className="row">
        <Button variant="default" onClick={onBack}>
          {t('web.houses.again')}
        </Button>
        <Button type="submit" className="end" disabled={!compared} loading={run.isPending}>
          {t(house ? 'web.save' : 'web.houses.follow')}
        </Button>
      </div>
    </form>
  )
}

export function SuspendHouse({ house, onClose }: { house: HouseOf; onClose: () => void }) {
  const { t, word } = useI18n()
  return (
    <ReasonDialog
      title={`${word('partner-house.act.', 'suspend')}: ${house.name}`}
      note={t('web.houses.suspend-note')}
      submit={word('partner-house.act.', 'suspend')}
      said={t('web.houses.changed')}
      run={(reason) => suspendHouse(house.id, reason)}
      onClose={onClose}
    />
  )
}

export function RemoveHouse({ house, onClose }: { house: HouseOf; onClose: () => void }) {
  const { t, word, number } = useI18n()
  const run = useMutation({
    mutationFn: () => removeHouse(house.id),
    onSuccess: () => {
      done(t('web.houses.removed'))
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`${word('partner-house.act.', 'remove')}: ${house.name}`}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        <p>{t('web.houses.remove-note', { Number: number(house.records) })}</p>
        <FormButtons danger submit={word('partner-house.act.', 'remove')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
