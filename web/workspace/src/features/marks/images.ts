import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body, type Schema } from '../../api/client'
import type { Tone } from '../../ui/Tag'

export type Image = Schema['MarkImage']
export type ImageStatus = Schema['MarkImageStatus']
export type Wish = Schema['MarkArtworkInput']

const PAGE = 25
/** So many images are offered to choose from; a house has a handful. */
const MOST = 100
export const STATUS: Record<ImageStatus, Tone> = { current: 'ok', retired: 'plain' }
export const STATUSES = Object.keys(STATUS) as ImageStatus[]
export const FORMS = ['pdf', 'svg', 'png'] as const

export const imagesQuery = (filter: { status?: ImageStatus }, cursor?: string, limit = PAGE) =>
  queryOptions({
    queryKey: ['marks', 'images', filter, cursor, limit],
    queryFn: () => body(api.GET('/api/v1/mark-images', { params: { query: { ...filter, cursor, limit } } })),
    placeholderData: keepPreviousData,
  })
export const choicesQuery = imagesQuery({ status: 'current' }, undefined, MOST)

export const createImage = (input: Schema['MarkImageInput']) => body(api.POST('/api/v1/mark-images', { body: input }))
export const retireImage = ({ id, version }: Image) =>
  body(
    api.POST('/api/v1/mark-images/{id}/retire', {
      params: { path: { id }, header: { 'If-Match': `"v${version}"` } },
    }),
  )
export const compose = (authorisation: string, wish: Wish) =>
  body(api.POST('/api/v1/mark-authorisations/{id}/compose', { params: { path: { id: authorisation } }, body: wish }))
