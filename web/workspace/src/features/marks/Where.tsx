import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Tag } from '../../ui/Tag'
import { batchQuery, PLACES, type Place, type PlaceKind } from './ledger'
import { authorisationQuery } from './queries'
import { last, type Numbers } from './ranges'

/** A range of numbers, as they stand on the boxes: the first and the last. */
export function Range({ of }: { of: Numbers }) {
  const { number } = useI18n()
  const words = of.count === 1 ? number(of.first) : `${number(of.first)}–${number(last(of))}`
  return (
    <bdi className="nums" dir="ltr">
      {words}
    </bdi>
  )
}

/** A place of marks in words, with the page of the holder who has them. */
export function Where({ place }: { place: Place }) {
  const { t, word } = useI18n()
  if (!place.kind) return <span className="soft">{t('web.batches.nowhere')}</span>
  return (
    <span className="row" style={{ gap: 6 }}>
      <Tag tone={PLACES[place.kind as PlaceKind] ?? 'plain'}>{word('mark-batch.place.', place.kind)}</Tag>
      {place.name && <bdi>{place.name}</bdi>}
      {place.authorisationId && <HolderName id={place.authorisationId} />}
      {place.lot && <bdi>{t('web.batches.lot-of', { Lot: place.lot })}</bdi>}
    </span>
  )
}

/** The holder of an authorisation by its name, as a link for whoever may read it. */
export function HolderName({ id }: { id: string }) {
  const { text } = useI18n()
  const session = useSession()
  const readable = may(session, 'mark-authorisation:read')
  const { data } = useQuery({ ...authorisationQuery(id), enabled: readable })
  if (!readable) return <code>{id}</code>
  return (
    <Link to="/mark-authorisations/$id" params={{ id }}>
      <bdi>{data ? text(data.record.names) : '…'}</bdi>
    </Link>
  )
}

/** A batch by its design, as a link. */
export function BatchName({ id }: { id: string }) {
  const { data } = useQuery(batchQuery(id))
  return (
    <Link to="/mark-batches/$id" params={{ id }}>
      <bdi>{data?.design ?? '…'}</bdi>
    </Link>
  )
}
