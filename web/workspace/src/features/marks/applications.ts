import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema, type Versioned, versioned } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Application = Schema['MarkUserApplication']
export type Form = Schema['MarkUserForm']
export type Stage = Schema['MarkApplicationStatus']

const PAGE = 25
export const STAGE: Record<Stage, Tone> = {
  draft: 'plain',
  submitted: 'info',
  returned: 'warn',
  withdrawn: 'plain',
  taken: 'info',
  refused: 'bad',
  appealed: 'warn',
  entered: 'ok',
}
export const STAGES = Object.keys(STAGE) as Stage[]
export const VERDICT: Record<'yes' | 'no' | 'unknown', Tone> = { yes: 'ok', no: 'bad', unknown: 'warn' }

export type ApplicationFilter = { q?: string; status?: Stage }
export const applicationsQuery = (filter: ApplicationFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['marks', 'applications', filter, cursor],
    queryFn: () =>
      body(api.GET('/api/v1/mark-applications', { params: { query: { ...filter, cursor, limit: PAGE } } })),
    placeholderData: keepPreviousData,
  })
export const applicationQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'application', id],
    queryFn: () => versioned(api.GET('/api/v1/mark-applications/{id}', { params: { path: { id } } })),
  })

/** How the applicant is reached, which answers have masked. */
export const revealContact = (id: string, purpose: string) =>
  body(api.POST('/api/v1/mark-applications/{id}/reveal', { params: { path: { id } }, body: { purpose } }))
/** The documents as they were handed in. */
export const filedQuery = (id: string) =>
  queryOptions({
    queryKey: ['marks', 'filed', id],
    queryFn: async () =>
      (await body(api.GET('/api/v1/mark-applications/{id}/documents', { params: { path: { id } } }))).items,
  })
export const linkToFiled = (id: string, documentId: string) =>
  body(
    api.GET('/api/v1/mark-applications/{id}/documents/{documentId}/content', {
      params: { path: { id, documentId }, query: { disposition: 'attachment' } },
    }),
  )

type Product = { id: string; name: string }
/** The registrations whose mark can be applied for: what counties published. */
export const productsQuery = queryOptions({
  queryKey: ['marks', 'products'],
  queryFn: async (): Promise<Product[]> => {
    const page = await body(
      api.GET('/api/v1/publications', { params: { query: { kind: 'registration', limit: 200 } } }),
    )
    return page.items
      .filter((p) => p.publisher.kind === 'county')
      .map((p) => ({ id: p.recordId, name: nameOf(p.content) || p.recordId }))
  },
})

/** The first name in what was published of a registration. */
function nameOf(content: unknown): string {
  const names = (content as { names?: { text?: string }[] } | undefined)?.names
  return names?.[0]?.text ?? ''
}

const at = ({ etag, record }: Versioned<Application>) => ({
  params: { path: { id: record.id }, header: { 'If-Match': etag } },
})
export const beginApplication = (registrationId: string, form: Form) =>
  body(api.POST('/api/v1/mark-applications', { body: { registrationId, form } }))
export const fillApplication = (of: Versioned<Application>, form: Form) =>
  versioned(api.PUT('/api/v1/mark-applications/{id}', { ...at(of), body: form }))
export const submitApplication = (of: Versioned<Application>) =>
  body(api.POST('/api/v1/mark-applications/{id}/submit', at(of)))
export const withdrawApplication = (of: Versioned<Application>) =>
  body(api.POST('/api/v1/mark-applications/{id}/withdraw', at(of)))
export const takeApplication = (of: Versioned<Application>) =>
  body(api.POST('/api/v1/mark-applications/{id}/take', at(of)))
export const appealApplication = (of: Versioned<Application>, reason: string) =>
  body(api.POST('/api/v1/mark-applications/{id}/appeal', { ...at(of), body: { reason } }))
export const returnApplication = (of: Versioned<Application>, asked: string[], until: string) =>
  body(api.POST('/api/v1/mark-applications/{id}/return', { ...at(of), body: { asked, until } }))
