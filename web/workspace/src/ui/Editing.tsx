import { Button, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Refusal } from '../api/problem'
import { useI18n } from './i18n'
import { done } from './notice'

type Form<Input> = { error: unknown; saving: boolean; onSave: (input: Input) => void }

type Props<Input> = {
  /** The version that was opened. */
  etag: string
  save: (etag: string, input: Input) => Promise<unknown>
  /** The version that stands in the register now. */
  latest: () => Promise<string>
  onSaved: () => Promise<unknown>
  onTakeTheirs: () => void
  /** A link to the record as it stands now. */
  look: ReactNode
  children: (form: Form<Input>) => ReactNode
}

/** Saves a record over the version that was opened; when somebody else was quicker, asks what shall hold. */
export function Editing<Input>({ etag, save, latest, onSaved, onTakeTheirs, look, children }: Props<Input>) {
  const { t } = useI18n()
  const [mine, setMine] = useState<Input>()
  const run = useMutation({
    mutationFn: (v: { etag: string; input: Input }) => save(v.etag, v.input),
    onSuccess: async () => {
      await onSaved()
      done(t('web.saved'))
    },
    onError: (e, { input }) => {
      if (e instanceof Refusal && e.stale) setMine(input)
    },
  })
  const keepMine = async (input: Input) => {
    setMine(undefined)
    run.mutate({ etag: await latest(), input })
  }
  const stale = run.error instanceof Refusal && run.error.stale
  return (
    <>
      {children({
        error: stale ? null : run.error,
        saving: run.isPending,
        onSave: (input) => run.mutate({ etag, input }),
      })}
      {mine !== undefined && (
        <ConflictDialog
          look={look}
          onGoOn={() => setMine(undefined)}
          onTheirs={onTakeTheirs}
          onMine={() => void keepMine(mine)}
        />
      )}
    </>
  )
}

type ConflictProps = { look: ReactNode; onGoOn: () => void; onTheirs: () => void; onMine: () => void }

function ConflictDialog({ look, onGoOn, onTheirs, onMine }: ConflictProps) {
  const { t } = useI18n()
  return (
    <Modal opened onClose={onGoOn} title={t('web.conflict.title')}>
      <div className="stack">
        <p>{t('web.conflict.detail')}</p>
        <p>{look}</p>
        <div className="row">
          <Button variant="default" onClick={onGoOn}>
            {t('web.conflict.go-on')}
          </Button>
          <Button variant="outline" color="rose" onClick={onTheirs}>
            {t('web.conflict.theirs')}
          </Button>
          <Button onClick={onMine}>{t('web.conflict.mine')}</Button>
        </div>
      </div>
    </Modal>
  )
}
