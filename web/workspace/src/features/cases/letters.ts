import { queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type CaseDocument = Schema['CaseDocument']
export type Letter = Schema['CaseLetter']
export type LetterText = Schema['CaseLetterText']
export type Head = Schema['LetterheadRead']

export const LETTER: Record<Schema['LetterStatus'], Tone> = { draft: 'warn', issued: 'ok', registered: 'info' }
export const TRANSLATIONS: Schema['LetterTranslation'][] = ['machine', 'drafted', 'reviewed', 'certified']

const at = (id: string) => ({ params: { path: { id } } })
const letterAt = (c: string, l: Letter) => ({
  params: { path: { id: c, letterId: l.id }, header: { 'If-Match': l.etag ?? '' } },
})

export const documentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'documents', id],
    queryFn: () => body(api.GET('/api/v1/recognition-cases/{id}/documents', at(id))),
  })
/** A paper that a task is still making is looked for again. */
export const lettersQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'letters', id],
    queryFn: () => body(api.GET('/api/v1/recognition-cases/{id}/letters', at(id))),
    refetchInterval: (query) =>
      query.state.data?.items.some((l) => l.status === 'issued' && l.taskId && !l.caseDocumentId) ? 1500 : false,
  })
export const letterTemplatesQuery = queryOptions({
  queryKey: ['cases', 'letter-templates'],
  queryFn: () => body(api.GET('/api/v1/letter-templates')),
})
export const headQuery = queryOptions({
  queryKey: ['cases', 'letterhead'],
  queryFn: () => body(api.GET('/api/v1/letterhead')),
})

export const attach = (id: string, input: Schema['CaseDocumentInput']) =>
  body(api.POST('/api/v1/recognition-cases/{id}/documents', { ...at(id), body: input }))
export const share = (id: string, caseDocumentId: string) =>
  body(
    api.POST('/api/v1/recognition-cases/{id}/documents/{caseDocumentId}/share', {
      params: { path: { id, caseDocumentId } },
    }),
  )
/** Opens a document by a link that is good for a minute. */
export const openDocument = async (id: string, caseDocumentId: string) => {
  const { url } = await body(
    api.GET('/api/v1/recognition-cases/{id}/documents/{caseDocumentId}/content', {
      params: { path: { id, caseDocumentId } },
    }),
  )
  window.location.assign(url)
}

export const draft = (id: string, input: Schema['CaseLetterDraft']) =>
  body(api.POST('/api/v1/recognition-cases/{id}/letters', { ...at(id), body: input }))
export const save = (id: string, l: Letter, text: LetterText) =>
  body(api.PUT('/api/v1/recognition-cases/{id}/letters/{letterId}', { ...letterAt(id, l), body: text }))
export const issue = (id: string, l: Letter) =>
  body(api.POST('/api/v1/recognition-cases/{id}/letters/{letterId}/issue', letterAt(id, l)))
export const discard = (id: string, l: Letter) =>
  body(api.DELETE('/api/v1/recognition-cases/{id}/letters/{letterId}', letterAt(id, l)))
export const registerIncoming = (id: string, letter: Schema['IncomingLetter']) =>
  body(api.POST('/api/v1/recognition-cases/{id}/incoming-letters', { ...at(id), body: letter }))
export const saveHead = (h: Head, input: Schema['Letterhead']) =>
  body(api.PUT('/api/v1/letterhead', { params: { header: { 'If-Match': h.etag } }, body: input }))
