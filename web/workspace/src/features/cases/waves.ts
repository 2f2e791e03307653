import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'

export type Wave = Schema['Wave']
export type WaveSummary = Schema['WaveSummary']
export type Member = Schema['WaveMember']
export type Moved = Schema['WaveMoved']
export type Preview = Schema['WavePreview']
export type Row = Schema['WaveRow']
/** Whether a row is taken, or which of the registrations that carry its name. */
export type Choice = boolean | number

export const wavesQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['cases', 'waves', cursor],
    queryFn: () => body(api.GET('/api/v1/waves', { params: { query: { cursor, limit: 25 } } })),
    placeholderData: keepPreviousData,
  })
export const waveQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'wave', id],
    queryFn: () => body(api.GET('/api/v1/waves/{id}', { params: { path: { id } } })),
  })
export const statisticsQuery = queryOptions({
  queryKey: ['cases', 'statistics'],
  queryFn: () => body(api.GET('/api/v1/recognition-case-statistics')),
})
export const openWave = (opening: Schema['WaveOpening']) => body(api.POST('/api/v1/waves', { body: opening }))
export const exceptWave = (w: Wave, caseIds: string[], reason: string) =>
  body(
    api.POST('/api/v1/waves/{id}/except', {
      params: { path: { id: w.id }, header: { 'If-Match': w.etag } },
      body: { caseIds, reason },
    }),
  )
export const moveWave = (id: string, move: Schema['WaveMove']) =>
  body(api.POST('/api/v1/waves/{id}/move', { params: { path: { id } }, body: move }))

export const previewWave = (id: string, list: Schema['WaveListInput']) =>
  body(api.POST('/api/v1/waves/{id}/preview', { params: { path: { id } }, body: list }))
export const addToWave = (w: Wave, addition: Schema['WaveAddition']) =>
  body(
    api.POST('/api/v1/waves/{id}/add', {
      params: { path: { id: w.id }, header: { 'If-Match': w.etag } },
      body: addition,
    }),
  )
export const printWave = (id: string) => body(api.POST('/api/v1/waves/{id}/print', { params: { path: { id } } }))
export const linkTo = (id: string) =>
  body(api.GET('/api/v1/documents/{id}/content', { params: { path: { id }, query: { disposition: 'attachment' } } }))

/** What of a list is added: what was found and what has a case unless it was left out, the rest where somebody chose it. */
export function chosenOf(
  rows: Row[],
  choices: Record<number, Choice>,
): { names: Schema['WaveName'][]; caseIds: string[] } {
  const names: Schema['WaveName'][] = []
  const caseIds: string[] = []
  for (const r of rows) {
    const choice = choices[r.row] ?? (r.fate === 'found' || r.fate === 'has-case')
    if (choice === false) continue
    if (r.fate === 'has-case' && r.caseId) caseIds.push(r.caseId)
    if (r.name && (r.fate === 'found' || r.fate === 'not-found')) names.push(r.name)
    const found = typeof choice === 'number' && r.found[choice]
    if (r.fate === 'ambiguous' && found) names.push(found.name)
  }
  return { names, caseIds }
}

/** A list as it was pasted: a name a line; after tabs its transcription and its translation. */
export function namesOf(text: string, language: string): Schema['WaveName'][] {
  return text
    .split('\n')
    .map((line) => line.split('\t').map((part) => part.trim()))
    .filter((parts) => parts[0])
    .map(([name = '', transcription, translation]) => ({
      name,
      language,
      forms: [
        ...(transcription
          ? [{ text: transcription, language: `${language.split('-')[0]}-Latn`, kind: 'transcription' as const }]
          : []),
        ...(translation ? [{ text: translation, language: 'en', kind: 'translation' as const }] : []),
      ],
    }))
}
