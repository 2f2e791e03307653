import { Anchor, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTask } from '../../api/task'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { TaskProgress } from '../../ui/TaskProgress'
import { linkTo, printWave, type Wave } from './waves'

/** The draft of the annex: a document, a table, and a paper, which a task sets. */
export function AnnexLinks({ of: w }: { of: Wave }) {
  const { t } = useI18n()
  const [made, setMade] = useState<{ documentId: string; taskId: string }>()
  const print = useMutation({ mutationFn: () => printWave(w.id), onSuccess: setMade })
  const task = useTask(made?.taskId ?? '')
  const open = useMutation({
    mutationFn: () => linkTo(made?.documentId ?? ''),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  return (
    <>
      <span>{t('web.wave.annex')}</span>
      {(['docx', 'xlsx'] as const).map((format) => (
        <Anchor key={format} href={`/api/v1/waves/${w.id}/annex?format=${format}`} download>
          {format.toUpperCase()}
        </Anchor>
      ))}
      {w.allowed.includes('print') &&
        (task?.status === 'succeeded' ? (
          <Button size="compact-sm" variant="default" loading={open.isPending} onClick={() => open.mutate()}>
            {t('web.wave.open-pdf')}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={print.isPending || made !== undefined}
            onClick={() => print.mutate()}
          >
            {t('web.wave.make-pdf')}
          </Button>
        ))}
      {task && task.status !== 'succeeded' && <TaskProgress task={task} />}
      <ProblemAlert error={print.error ?? open.error} />
    </>
  )
}
