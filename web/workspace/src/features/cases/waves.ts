import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'

export type Wave = Schema['Wave']
export type WaveSummary = Schema['WaveSummary']
export type Member = Schema['WaveMember']
export type Moved = Schema['WaveMoved']

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
