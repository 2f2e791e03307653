import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { caseTasksQuery, TASK } from '../../api/caseTasks'
import { api, body } from '../../api/client'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { changed } from './queries'

/** What is to be done in this case; our own tasks nobody else sees. */
export function TasksPanel({ id }: { id: string }) {
  const { t, word, day } = useI18n()
  const session = useSession()
  const { data, error } = useQuery(caseTasksQuery(id))
  const [text, setText] = useState('')
  const [dueOn, setDueOn] = useState('')
  const add = useMutation({
    mutationFn: () =>
      body(
        api.POST('/api/v1/recognition-cases/{id}/tasks', {
          params: { path: { id } },
          body: { text, ...(dueOn && { dueOn }) },
        }),
      ),
    onSuccess: async () => {
      setText('')
      setDueOn('')
      await changed()
    },
  })
  const finish = useMutation({
    mutationFn: (caseTaskId: string) =>
      body(
        api.POST('/api/v1/recognition-cases/{id}/tasks/{caseTaskId}/finish', { params: { path: { id, caseTaskId } } }),
      ),
    onSuccess: () => changed(),
  })
  return (
    <Panel title={t('web.tasks.title')}>
      <ProblemAlert error={error ?? add.error ?? finish.error} />
      {data?.items.length === 0 && <p className="soft">{t('web.tasks.none')}</p>}
      <ul className="list">
        {data?.items.map((x, n) => (
          <li key={x.id ?? n}>
            <span>
              <span dir="auto">{x.text ?? word('case-task.kind.', x.kind)}</span>
              <div className="soft small">
                {[
                  x.side && word('case.side.', x.side),
                  x.act && t('web.tasks.proposed', { Act: word('case.act.', x.act) }),
                  x.dueOn && t('web.case.last-day', { Day: day(x.dueOn) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </span>
            <span className="end row">
              <Tag tone={TASK[x.kind]}>{word('case-task.kind.', x.kind)}</Tag>
              {x.id && x.allowed.includes('finish') && (
                <Button size="compact-sm" variant="default" onClick={() => finish.mutate(x.id ?? '')}>
                  {t('web.tasks.finish')}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {may(session, 'case-task:add') && (
        <form
          className="stack tight"
          onSubmit={(e) => {
            e.preventDefault()
            add.mutate()
          }}
        >
          <TextInput label={t('web.tasks.text')} value={text} onChange={(e) => setText(e.currentTarget.value)} />
          <TextInput
            type="date"
            label={t('web.tasks.due')}
            value={dueOn}
            onChange={(e) => setDueOn(e.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={!text.trim()} loading={add.isPending}>
            {t('web.tasks.add')}
          </Button>
        </form>
      )}
    </Panel>
  )
}
