import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, body } from '../api/client'
import { useTask } from '../api/task'
import { useI18n } from './i18n'
import { useRefused } from './ProblemAlert'

/** The languages in which papers are set. */
const PAPERS = ['zh-Hans', 'en', 'ar'] as const

/** A document that a task makes. */
type Paper = { documentId: string; taskId: string }

type Props = {
  print: (language: (typeof PAPERS)[number]) => Promise<Paper>
  label: string
  /** What is said of it when it is there; without it, that a PDF is opened. */
  open?: string
  small?: boolean
}

const linkTo = (id: string) =>
  body(api.GET('/api/v1/documents/{id}/content', { params: { path: { id }, query: { disposition: 'attachment' } } }))

/** Has a paper set by a task, and then opens it. */
export function PaperButton({ print, label, open, small }: Props) {
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
        {open ?? t('web.paper.open')}
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
