import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, body, type Schema } from './client'

export type Task = Schema['Task']
export const finished = (t: Task) => t.status === 'succeeded' || t.status === 'failed' || t.status === 'cancelled'

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ['tasks', id],
    queryFn: () => body(api.GET('/api/v1/tasks/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  })

/** A piece of long work as it goes on. When the stream breaks, the browser comes back to it by itself. `onFinished` is told once
 * of each task, also of one that had ended before anybody looked: what was read of it before that is old. */
export function useTask(id: string, onFinished?: () => void) {
  const queries = useQueryClient()
  const { data } = useQuery(taskQuery(id))
  const ended = data && finished(data)
  useEffect(() => {
    if (!id || ended) return
    const stream = new EventSource(`/api/v1/tasks/${id}/events`)
    stream.addEventListener('task', (e) => {
      const task = JSON.parse((e as MessageEvent<string>).data) as Task
      queries.setQueryData(taskQuery(id).queryKey, task)
      if (finished(task)) stream.close()
    })
    return () => stream.close()
  }, [id, ended, queries])
  const told = useRef('')
  useEffect(() => {
    if (!ended || told.current === id) return
    told.current = id
    onFinished?.()
  })
  return data
}

export const cancelTask = (id: string) => body(api.POST('/api/v1/tasks/{id}/cancel', { params: { path: { id } } }))
