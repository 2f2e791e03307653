import { queryOptions } from '@tanstack/react-query'
import type { Tone } from '../ui/Tag'
import { api, body, type Schema } from './client'

export type CaseTask = Schema['CaseTask']

export const TASK: Record<Schema['CaseTaskKind'], Tone> = {
  overdue: 'bad',
  proposal: 'warn',
  due: 'info',
  'origin-ended': 'bad',
  'origin-amended': 'warn',
  'recognition-ended': 'bad',
  'dossier-ended': 'bad',
  'dossier-market-ended': 'bad',
  'mark-user-ended': 'bad',
  'mark-user-overdue': 'warn',
  'mark-visit-overdue': 'warn',
  'mark-complaint-due': 'warn',
  'view-differs': 'bad',
  'dossier-user-ended': 'bad',
  own: 'plain',
}

/** What is to be done in cases, of all or of one; home and the case's page both show it. */
export const caseTasksQuery = (caseId?: string) =>
  queryOptions({
    queryKey: ['cases', 'tasks', caseId],
    queryFn: () => body(api.GET('/api/v1/case-tasks', { params: { query: { caseId } } })),
  })
