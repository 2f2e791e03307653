import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import type { Column } from '../../ui/DataTable'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { Back, PageHead } from '../../ui/Page'
import { useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ImageDialog } from './ImageDialog'
import { type Image, imagesQuery, retireImage, STATUS, STATUSES } from './images'
import { changed } from './queries'

const route = getRouteApi('/house/mark-images')
const FIELDS = 'name,status,mediaType,sha256,leastMm,colours,source,createdName,createdAt'.split(',')

/** The official images of the mark, and how the credit code of a user is put into each. */
export function ImagesPage() {
  const { t, word } = useI18n()
  const session = useSession()
  const { status } = route.useSearch()
  const { say } = useSay<{ status?: string }>()
  const [adding, setAdding] = useState(false)
  const filter = { ...(oneOf(STATUSES, status) && { status: oneOf(STATUSES, status) }) }
  return (
    <>
      <PageHead
        title={t('web.mark-images.nav')}
        lead={t('web.mark-images.lead')}
        crumb={
          <Link to="/mark-batches" className="crumb">
            <Back>{t('web.batches.nav')}</Back>
          </Link>
        }
        acts={
          <>
            <ExportMenu list={{ path: '/api/v1/mark-images', filter, fields: FIELDS }} />
            {may(session, 'mark-image:create') && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
                {t('web.mark-images.new')}
              </Button>
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => imagesQuery(filter, cursor)}
        columns={useColumns()}
        caption={t('web.mark-images.nav')}
        empty={t('web.mark-images.empty')}
      >
        <ChoiceField
          label={t('web.special-marks.status')}
          value={status}
          onSay={(one) => say({ status: one })}
          words={STATUSES}
          name={(one) => word('mark-image.status.', one)}
        />
      </ListPanel>
      {adding && <ImageDialog onClose={() => setAdding(false)} />}
    </>
  )
}

function useColumns(): Column<Image>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.mark-images.name'),
        cell: (i) => (
          <>
            <bdi>{i.name}</bdi>
            <div className="small">
              <Link to="/documents/$id" params={{ id: i.documentId }}>
                {t('web.mark-images.look')}
              </Link>
            </div>
          </>
        ),
      },
      {
        id: 'status',
        header: t('web.special-marks.status'),
        tight: true,
        cell: (i) => <Tag tone={STATUS[i.status]}>{word('mark-image.status.', i.status)}</Tag>,
      },
      { id: 'least', header: t('web.mark-images.least'), num: true, cell: (i) => number(i.leastMm) },
      {
        id: 'colours',
        header: t('web.mark-images.colours'),
        cell: (i) => (
          <span className="row mono small" dir="ltr" style={{ gap: 8 }}>
            {i.colours.map((c) => (
              <span key={c} className="row" style={{ gap: 4 }}>
                <i aria-hidden="true" style={{ inlineSize: 12, blockSize: 12, background: c }} />
                {c}
              </span>
            ))}
          </span>
        ),
      },
      { id: 'source', header: t('web.mark-rule.source'), cell: (i) => <bdi>{i.source}</bdi> },
      {
        id: 'by',
        header: t('web.ledger.by'),
        cell: (i) => (
          <>
            <bdi>{i.createdName}</bdi>
            <div className="soft small">{instant(i.createdAt)}</div>
          </>
        ),
      },
      {
        id: 'acts',
        header: t('web.special-marks.more'),
        tight: true,
        has: (i) => i.allowed.length > 0,
        cell: (i) => <Retire of={i} />,
      },
    ],
    [t, word, number, instant],
  )
}

function Retire({ of }: { of: Image }) {
  const { t } = useI18n()
  const refused = useRefused()
  const run = useMutation({ mutationFn: () => retireImage(of), onSuccess: changed, onError: refused })
  if (!of.allowed.includes('retire')) return null
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={run.isPending}
      aria-label={t('web.mark-images.retire-named', { Name: of.name })}
      onClick={() => run.mutate()}
    >
      {t('web.mark-images.retire')}
    </Button>
  )
}
