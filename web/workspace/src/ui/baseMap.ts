import { queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'

/** The map that the operator put beneath ours, if there is one. */
export const baseMapQuery = queryOptions({
  queryKey: ['base-map'],
  queryFn: () => body(api.GET('/api/v1/base-map')),
  staleTime: Number.POSITIVE_INFINITY,
})
