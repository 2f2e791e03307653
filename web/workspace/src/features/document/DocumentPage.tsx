import { Button, FileButton } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { api, versioned } from '../../api/client'
import { upload } from '../../api/upload'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'

const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ['documents', 'one', id],
    queryFn: () => versioned(api.GET('/api/v1/documents/{id}', { params: { path: { id } } })),
  })

/** A document with its versions; the newest one that is ready holds. */
export function DocumentPage() {
  const { id } = useParams({ from: '/house/documents/$id' })
  const { t, word, bytes, instant } = useI18n()
  const queries = useQueryClient()
  const refused = useRefused()
  const { data, error } = useQuery(documentQuery(id))
  const refresh = () => queries.invalidateQueries({ queryKey: ['documents'] })
  const revise = useMutation({
    mutationFn: (file: File) => upload(file, () => undefined, { documentId: id }),
    onSettled: refresh,
    onError: refused,
  })
  const retire = useMutation({
    mutationFn: () =>
      versioned(
        api.POST('/api/v1/documents/{id}/retire', {
          params: { path: { id }, header: { 'If-Match': data?.etag ?? '' } },
        }),
      ),
    onSettled: refresh,
    onError: refused,
  })
  if (error) return <ProblemAlert error={error} />
  if (!data) return <p className="soft">{t('web.loading')}</p>
  const d = data.record
  return (
    <>
      <PageHead
        title={d.filename}
        crumb={
          <Link to="/documents" className="crumb">
            <Back>{t('web.documents.title')}</Back>
          </Link>
        }
        tag={<Tag>{word('document.status.', d.status)}</Tag>}
        acts={
          <>
            {d.allowed.includes('upload') && (
              <FileButton onChange={(f) => f && revise.mutate(f)}>
                {(props) => (
                  <Button variant="default" loading={revise.isPending} {...props}>
                    {word('document.act.', 'upload')}
                  </Button>
                )}
              </FileButton>
            )}
            {d.allowed.includes('retire') && (
              <Button variant="default" color="rose" loading={retire.isPending} onClick={() => retire.mutate()}>
                {word('document.act.', 'retire')}
              </Button>
            )}
          </>
        }
      />
      <Panel>
        <dl className="facts">
          <dt>SHA-256</dt>
          <dd className="mono" style={{ overflowWrap: 'anywhere' }}>
            <bdi>{d.sha256}</bdi>
          </dd>
          <dt>{t('web.document.size')}</dt>
          <dd>{bytes(d.size)}</dd>
          <dt>{t('web.changedAt')}</dt>
          <dd>{instant(d.updatedAt)}</dd>
        </dl>
      </Panel>
    </>
  )
}
