import { queryOptions } from '@tanstack/react-query'
import { api, body, queryClient, type Schema } from '../../api/client'

export type Import = Schema['RegistrationImport']
export type Mapping = Schema['Mapping']
export type Kept = Schema['ImportMapping']
export type Field = Schema['ImportField']

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['registration-imports', id],
    queryFn: () => body(api.GET('/api/v1/registration-imports/{id}', { params: { path: { id } } })),
  })

export const mappingsQuery = () =>
  queryOptions({
    queryKey: ['import-mappings'],
    queryFn: async () => (await body(api.GET('/api/v1/import-mappings'))).items,
  })
export const mappingsChanged = () => queryClient.invalidateQueries({ queryKey: ['import-mappings'] })

/** The forms that somebody may choose; without a choice the form is recognised. */
export const SOURCES = ['own', 'eambrosia', 'giview', 'uk'] as const

/** The fields that a column may become, in the order in which people look for them. */
const FIELDS: Field[] = [
  'name',
  'nameLanguage',
  'transcription',
  'transcriptionScheme',
  'nameEn',
  'nameAr',
  'number',
  'notice',
  'registeredOn',
  'basisKind',
  'office',
  'classes',
  'hsCodes',
  'holder',
  'holderEn',
  'holderCode',
  'area',
  'origin',
  'link',
  'source',
  'sourcePage',
  'sourceUrl',
  'giType',
  'registerStatus',
]

/** The fields of earlier marks. */
const MARK_FIELDS: Field[] = [
  'sign',
  'transcription',
  'translation',
  'kind',
  'number',
  'office',
  'holder',
  'classes',
  'priorityOn',
  'status',
]
/** The fields of members. */
const MEMBER_FIELDS: Field[] = [
  'number',
  'category',
  'name',
  'creditCode',
  'idNumber',
  'representative',
  'contact',
  'phone',
  'email',
  'address',
  'licence',
  'licenceUntil',
  'areaMu',
  'varieties',
  'tonnes',
  'admittedOn',
  'note',
]
/** The fields of producers of a mark. */
const PRODUCER_FIELDS: Field[] = ['creditCode', 'name', 'township', 'exports', 'excluded']
const OF_TARGET: Record<Import['target'], Field[]> = {
  registrations: FIELDS,
  'earlier-marks': MARK_FIELDS,
  members: MEMBER_FIELDS,
  'mark-producers': PRODUCER_FIELDS,
}
export const fieldsOf = (of: Import) => OF_TARGET[of.target]

/** Keeps a mapping under a name; a mapping that has the name already is replaced. */
export async function keep(input: Schema['ImportMappingInput'], kept: Kept[]) {
  const same = kept.find((k) => k.name === input.name)
  if (!same) return body(api.POST('/api/v1/import-mappings', { body: input }))
  return body(
    api.PUT('/api/v1/import-mappings/{id}', {
      params: { path: { id: same.id }, header: { 'If-Match': `"v${same.version}"` } },
      body: input,
    }),
  )
}
