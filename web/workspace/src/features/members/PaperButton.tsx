import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { useTask } from '../../api/task'
import { useI18n } from '../../ui/i18n'
import { useRefused } from '../../ui/ProblemAlert'
import { linkTo, type Paper } from './meetings'

/** The languages in which papers are set. */
const PAPERS = ['zh-Hans', 'en', 'ar'] as const

type Props = {
  print: (language: Schema['MemberPrint']['language']) => Promise<Paper>
  label: string
  small?: boolean
}

/** Has a paper set by a task, and then opens it. */
export function PaperButton({ print, label, small }: Props) {
  const { t, locale } = useI18n()
  const refused = useRefused()
  const [made, setMade] = useState<Paper>()
  const run = useMutation({
    mutationFn: () => print(PAPERS.find((l) => l === locale) ?? 'en'),
    onSuccess: setMade,
    onError: refused,
  })
  const task = useTask(made?.taskId ?? '')
  const show = useMutation({
    mutationFn: () => linkTo(made?.documentId ?? ''),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: refused,
  })
  const size = small ? 'compact-xs' : 'sm'
  if (task?.status === 'succeeded') {
    return (
      <Button size={size} variant="default" loading={show.isPending} onClick={() => show.mutate()}>
        {t('web.paper.open')}
      </Button>
    )
  }
  const going = made !== undefined && task?.status !== 'failed'
  return (
    <Button size={size} variant="default" loading={run.isPending || going} onClick={() => run.mutate()}>
      {label}
    </Button>
  )
}
