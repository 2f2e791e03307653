import { useQueryClient } from '@tanstack/react-query'
import { useI18n } from '../../ui/i18n'
import type { Place } from './ledger'
import { authorisationQuery } from './queries'

/** A place in plain text, for lists to choose from. A holder whose page was shown has its name here too. */
export function usePlaceName() {
  const { t, word, text } = useI18n()
  const client = useQueryClient()
  return ({ kind, name, authorisationId, lot }: Place) => {
    const holder = authorisationId && client.getQueryData(authorisationQuery(authorisationId).queryKey)?.record
    return [
      word('mark-batch.place.', kind),
      name,
      holder ? text(holder.names) : authorisationId?.slice(0, 8),
      lot && t('web.batches.lot-of', { Lot: lot }),
    ]
      .filter(Boolean)
      .join(' · ')
  }
}
