import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema, versioned } from '../../api/client'

export type Person = Schema['Person']
export type Role = Schema['Role']
export type ApiClient = Schema['ApiClient']

export const peopleQuery = (q: string | undefined, cursor?: string) =>
  queryOptions({
    queryKey: ['people', q, cursor],
    queryFn: () => body(api.GET('/api/v1/people', { params: { query: { ...(q && { q }), cursor, limit: 25 } } })),
    placeholderData: keepPreviousData,
  })
export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: () => body(api.GET('/api/v1/roles')) })
export const unitsQuery = queryOptions({ queryKey: ['units'], queryFn: () => body(api.GET('/api/v1/units')) })
export const clientsQuery = queryOptions({
  queryKey: ['api-clients'],
  queryFn: () => body(api.GET('/api/v1/api-clients')),
})
export const signingKeysQuery = queryOptions({
  queryKey: ['signing-keys'],
  queryFn: () => body(api.GET('/api/v1/signing-keys')),
})
export const logQuery = queryOptions({ queryKey: ['log'], queryFn: () => body(api.GET('/api/v1/log')) })
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => body(api.GET('/api/v1/sessions')),
})

export const changed = (what: 'people' | 'roles' | 'api-clients' | 'sessions' | 'signing-keys') =>
  queryClient.invalidateQueries({ queryKey: [what] })

const at = (id: string) => ({ params: { path: { id } } })

export const createPerson = (person: Schema['PersonInput']) => body(api.POST('/api/v1/people', { body: person }))
export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', 'one', id],
    queryFn: () => versioned(api.GET('/api/v1/people/{id}', at(id))),
    staleTime: 0,
  })
export const updatePerson = (id: string, etag: string, change: Schema['PersonPatch']) =>
  body(
    api.PATCH('/api/v1/people/{id}', {
      params: { path: { id }, header: { 'If-Match': etag } },
      body: change,
      headers: { 'Content-Type': 'application/merge-patch+json' },
    }),
  )
export const disablePerson = (id: string) => body(api.POST('/api/v1/people/{id}/disable', at(id)))
export const enablePerson = (id: string) => body(api.POST('/api/v1/people/{id}/enable', at(id)))

export const createRole = (role: Schema['RoleInput']) => body(api.POST('/api/v1/roles', { body: role }))
export const roleQuery = (id: string) =>
  queryOptions({
    queryKey: ['roles', 'one', id],
    queryFn: () => versioned(api.GET('/api/v1/roles/{id}', at(id))),
    staleTime: 0,
  })
export const updateRole = (id: string, etag: string, role: Schema['RoleInput']) =>
  body(api.PUT('/api/v1/roles/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body: role }))
export const deleteRole = (id: string) => body(api.DELETE('/api/v1/roles/{id}', at(id)))

export const createClient = (client: Schema['ApiClientInput']) =>
  body(api.POST('/api/v1/api-clients', { body: client }))
export const revokeClient = (id: string) => body(api.POST('/api/v1/api-clients/{id}/revoke', at(id)))

export const requireOfClient = (id: string, required: Schema['ApiClientProofs']) =>
  body(api.POST('/api/v1/api-clients/{id}/require', { ...at(id), body: { required } }))
export const addClientKey = (id: string, pem: string) =>
  body(api.POST('/api/v1/api-clients/{id}/keys', { ...at(id), body: { pem } }))
export const revokeClientKey = (id: string, clientKeyId: string) =>
  body(api.POST('/api/v1/api-clients/{id}/keys/{clientKeyId}/revoke', { params: { path: { id, clientKeyId } } }))
export const rotateSigningKey = (id: string, why: Schema['SigningKeyRotation']['why']) =>
  body(api.POST('/api/v1/signing-keys/{id}/rotate', { ...at(id), body: { why } }))

export const changePassword = (change: Schema['PasswordChange']) =>
  body(api.PUT('/api/v1/session/password', { body: change }))
export const endSession = (id: string) => body(api.DELETE('/api/v1/sessions/{id}', at(id)))
