import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, body } from '../api/client'
import { useI18n } from './i18n'

/** A document of the own house by the name of its file. */
export function PaperName({ id }: { id: string }) {
  const { bytes } = useI18n()
  const { data } = useQuery({
    queryKey: ['documents', 'one', id],
    queryFn: () => body(api.GET('/api/v1/documents/{id}', { params: { path: { id } } })),
  })
  return (
    <span>
      <Link to="/documents/$id" params={{ id }}>
        <bdi>{data?.filename ?? id}</bdi>
      </Link>
      {data && <span className="soft small"> {bytes(data.size)}</span>}
    </span>
  )
}
