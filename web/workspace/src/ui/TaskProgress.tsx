import { Button, Progress } from '@mantine/core'
import type { Task } from '../api/task'
import { useI18n } from './i18n'
import { Tag, type Tone } from './Tag'

const TONE: Record<Task['status'], Tone> = {
  queued: 'plain',
  running: 'info',
  succeeded: 'ok',
  failed: 'bad',
  cancelled: 'plain',
}

export function TaskTag({ status }: { status: Task['status'] }) {
  const { word } = useI18n()
  return <Tag tone={TONE[status]}>{word('task.status.', status)}</Tag>
}

/** How far a piece of long work is, and why it ended when it failed. */
export function TaskProgress({ task, onCancel }: { task: Task; onCancel?: () => void }) {
  const { t, word, number } = useI18n()
  const running = task.status === 'running' || task.status === 'queued'
  const share = task.total > 0 ? (task.done / task.total) * 100 : running ? 100 : 0
  const name = word('task.kind.', task.kind)
  return (
    <div className="stack tight">
      <div className="row">
        <TaskTag status={task.status} />
        <span className="soft small" role="status">
          {running && task.step && word('', task.step)}
          {running && task.total > 0 && ` ${t('web.task.of', { Done: number(task.done), Total: number(task.total) })}`}
        </span>
        {onCancel && running && task.allowed.includes('cancel') && (
          <Button className="end" size="compact-sm" variant="default" onClick={onCancel} disabled={task.cancelAsked}>
            {word('task.act.', 'cancel')}
          </Button>
        )}
      </div>
      {running && (
        <Progress.Root size={7}>
          <Progress.Section value={share} animated={task.total === 0} striped={task.total === 0} aria-label={name} />
        </Progress.Root>
      )}
      {task.problem && (
        <p className="quote">
          <b>{task.problem.title}</b> {task.problem.message !== task.problem.title && task.problem.message}
          {task.problem.reference && <span className="mono soft"> {task.problem.reference}</span>}
        </p>
      )}
    </div>
  )
}
