import { Button, FileButton, Modal, Progress, TextInput } from '@mantine/core'
import { IconDownload, IconEye, IconSearch, IconUpload } from '@tabler/icons-react'
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, body, type Schema } from '../../api/client'
import { useMay } from '../../api/session'
import { type Step, upload } from '../../api/upload'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Empty, PageHead } from '../../ui/Page'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'

type Document = Schema['Document']
const TONES: Record<string, Tone> = { ready: 'ok', refused: 'bad', uploading: 'info' }

const documentsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['documents', q],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/v1/documents', {
          params: { query: { ...(q && { q }), limit: 50, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

const link = async (id: string, disposition: 'inline' | 'attachment') =>
  (await body(api.GET('/api/v1/documents/{id}/content', { params: { path: { id }, query: { disposition } } }))).url

const shownInline = (type: string) => type === 'application/pdf' || type.startsWith('image/')

export function DocumentsPage() {
  const { q = '' } = useSearch({ from: '/house/documents' })
  const navigate = useNavigate()
  const onSearch = (words: string) => void navigate({ to: '/documents', search: { q: words || undefined } })
  const may = useMay()
  const { t, word, bytes, instant, percent } = useI18n()
  const queries = useQueryClient()
  const refused = useRefused()
  const [text, setText] = useState(q)
  const [sending, setSending] = useState<{ name: string; step: Step; share: number }>()
  const [shown, setShown] = useState<{ url: string; name: string; type: string }>()
  const list = useInfiniteQuery(documentsQuery(q))
  const items = list.data?.pages.flatMap((p) => p.items) ?? []
  const send = useMutation({
    mutationFn: (file: File) => upload(file, (step, share) => setSending({ name: file.name, step, share })),
    onSuccess: () => done(t('web.documents.uploaded')),
    onError: refused,
    onSettled: () => {
      setSending(undefined)
      return queries.invalidateQueries({ queryKey: ['documents'] })
    },
  })
  const open = async (d: Document, how: 'inline' | 'attachment') => {
    try {
      const url = await link(d.id, how)
      if (how === 'inline') setShown({ url, name: d.filename, type: d.mediaType })
      else window.location.assign(url)
    } catch (e) {
      refused(e)
    }
  }
  return (
    <>
      <PageHead
        title={t('web.documents.title')}
        acts={
          may('document:upload') && (
            <FileButton onChange={(f) => f && send.mutate(f)}>
              {(props) => (
                <Button leftSection={<IconUpload size={18} aria-hidden />} loading={send.isPending} {...props}>
                  {t('web.upload')}
                </Button>
              )}
            </FileButton>
          )
        }
      />
      {sending && (
        <div role="status" style={{ marginBlockEnd: 16 }}>
          <p>
            <bdi>{sending.name}</bdi> · {word('web.upload.', sending.step)} {percent(sending.share)}
          </p>
          <Progress value={sending.share * 100} aria-label={sending.name} />
        </div>
      )}
      <section className="panel">
        <form
          className="toolbar"
          onSubmit={(e) => {
            e.preventDefault()
            onSearch(text.trim())
          }}
        >
          <TextInput
            type="search"
            style={{ flex: '1 1 240px' }}
            aria-label={t('web.documents.search')}
            placeholder={t('web.documents.search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {t('web.search')}
          </Button>
        </form>
        <ProblemAlert error={list.error} retry={() => void list.refetch()} />
        {list.isSuccess && items.length === 0 && <Empty title={t('web.documents.empty')} />}
        <ul className="list">
          {items.map((d) => (
            <li key={d.id}>
              <Link to="/documents/$id" params={{ id: d.id }}>
                <bdi>{d.filename}</bdi>
              </Link>
              <Tag tone={TONES[d.status]}>{word('document.status.', d.status)}</Tag>
              <span className="soft">
                {bytes(d.size)} · {instant(d.updatedAt)}
              </span>
              {d.status === 'ready' && (
                <span className="end row">
                  {shownInline(d.mediaType) && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      leftSection={<IconEye size={16} aria-hidden />}
                      aria-label={`${t('web.preview')} ${d.filename}`}
                      onClick={() => void open(d, 'inline')}
                    >
                      {t('web.preview')}
                    </Button>
                  )}
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    leftSection={<IconDownload size={16} aria-hidden />}
                    aria-label={`${t('web.download')} ${d.filename}`}
                    onClick={() => void open(d, 'attachment')}
                  >
                    {t('web.download')}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
        {list.hasNextPage && (
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('web.more')}
          </Button>
        )}
      </section>
      {shown && (
        <Modal opened size="90%" title={shown.name} onClose={() => setShown(undefined)}>
          {shown.type.startsWith('image/') ? (
            <img src={shown.url} alt={shown.name} style={{ maxInlineSize: '100%' }} />
          ) : (
            <iframe src={shown.url} title={shown.name} style={{ inlineSize: '100%', blockSize: '75vh', border: 0 }} />
          )}
        </Modal>
      )}
    </>
  )
}
