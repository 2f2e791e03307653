import { Alert, Button, FileInput, Modal } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { changed, receiveView, type View, viewFile, viewsQuery } from './queries'

const TONE: Record<View['relation'], Tone> = { same: 'ok', ahead: 'warn', behind: 'warn', differs: 'bad' }

/** When the other side has a house of its own: our signed view of the case to give away, and how theirs stands to our file now. */
export function ViewPanel({ id }: { id: string }) {
  const { t } = useI18n()
  const session = useSession()
  const { data, error } = useQuery(viewsQuery(id))
  const [receiving, setReceiving] = useState(false)
  const [newest, ...earlier] = data?.items ?? []
  return (
    <Panel title={t('web.case.views')}>
      <div className="stack">
        <ProblemAlert error={error} />
        {newest ? <Standing of={newest} /> : <p className="soft small">{t('web.case.views-why')}</p>}
        {data && !newest && <p className="soft small">{t('web.case.view-none')}</p>}
        <div className="row">
          {may(session, 'case-view:give') && (
            <Button component="a" variant="default" href={viewFile(id)} download={`case-${id}.json`}>
              {t('web.case.view-give')}
            </Button>
          )}
          {may(session, 'case-view:receive') && (
            <Button variant="default" onClick={() => setReceiving(true)}>
              {t('web.case.view-receive')}
            </Button>
          )}
        </div>
        {earlier.length > 0 && (
          <ul className="list">
            {earlier.map((v) => (
              <li key={v.id}>
                <Signed of={v} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {receiving && <Receive id={id} onClose={() => setReceiving(false)} />}
    </Panel>
  )
}

function Receive({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useI18n()
  const [view, setView] = useState<File | null>(null)
  const run = useMutation({
    mutationFn: () => receiveView(id, view),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.case.view-receive')}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        <FileInput
          required
          accept=".json,application/json"
          label={t('web.case.view-theirs')}
          description={t('web.case.view-theirs-why')}
          value={view}
          onChange={setView}
        />
        <FormButtons submit={t('web.case.view-receive')} onCancel={onClose} busy={run.isPending} disabled={!view} />
      </form>
    </Modal>
  )
}

function Signed({ of: v }: { of: View }) {
  const { t, instant } = useI18n()
  return (
    <span className="soft small" dir="auto">
      {t('web.case.view-signed', { Name: v.issuer, House: v.house.split('/')[0] ?? v.house, When: instant(v.at) })}
    </span>
  )
}

/** How a view stands to our file as it is now: up to where they agree, or the first step at which they part. */
function Standing({ of: v }: { of: View }) {
  const { t, word, number } = useI18n()
  return (
    <div className="stack" role="status">
      <div>
        <Tag tone={v.settled ? 'warn' : TONE[v.relation]}>{word('case-view.relation.', v.relation)}</Tag>
      </div>
      <p>
        {v.relation === 'differs'
          ? t('web.case.view-part', { Number: number(v.common + 1) })
          : t('web.case.view-agree', { Number: number(v.common) })}
      </p>
      {v.settled && <p>{t('web.case.view-settled')}</p>}
      {v.rewritten && (
        <Alert color="red" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
          {t('web.case.view-rewritten', { Number: number(v.rewritten) })}
        </Alert>
      )}
      {v.relation !== 'same' && <Step of={v} />}
      <Signed of={v} />
    </div>
  )
}

/** Of a step that only one house has: what it is. */
const TOLD = ['act', 'side', 'on', 'reference']

/** The first step that is not the same in both, with what each says of it. */
function Step({ of: v }: { of: View }) {
  const { t, word, number } = useI18n()
  const fields = v.relation === 'differs' ? v.fields : TOLD
  const name = t('web.case.event-number', { Number: number(v.common + 1) })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard
    <section className="table-wrap" aria-label={name} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{name}</th>
            <th scope="col">{t('web.case.view-our-words')}</th>
            <th scope="col">{t('web.case.view-their-words')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field}>
              <th scope="row">{word('case-view.field.', field)}</th>
              <td>
                <Said of={v.ours} name={field} />
              </td>
              <td>
                <Said of={v.theirs} name={field} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What a step says in one of its fields: a word of the procedure, a day, or what was written. */
function Said({ of: step, name }: { of: Schema['CaseViewStep'] | undefined; name: string }) {
  const { word, day, text } = useI18n()
  const value = (step as Record<string, unknown> | undefined)?.[name]
  if (value === undefined) return '—'
  if (name === 'act') return word('case.act.', String(value))
  if (name === 'side') return word('case.side.', String(value))
  if (name === 'to') return word('case.state.', String(value))
  if (name === 'limits') return <bdi>{text(value as Record<string, string>)}</bdi>
  if (name === 'documents') return (value as string[]).map((hash) => hash.slice(0, 12)).join(', ')
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return day(value)
  return <bdi>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>
}
