import { getRouteApi } from '@tanstack/react-router'
import { may, useSession } from '../../api/session'
import { ExportMenu } from '../../ui/ExportMenu'
import { ChoiceField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { useClaimColumns } from './claimColumns'
import { CLAIM_STATUSES, type ClaimFilter, COMMITMENT_FIELDS, claimsQuery, PAYMENT_FIELDS } from './claims'

const route = getRouteApi('/house/promotion-claims')

/** What is asked for under decisions, and the payments as a table for the finance bureau. */
export function ClaimsPage() {
  const { t, word } = useI18n()
  const session = useSession()
  const search = route.useSearch()
  const { say } = useSay<typeof search>()
  const status = oneOf(CLAIM_STATUSES, search.status)
  const programme = { ...(search.programmeId && { programmeId: search.programmeId }) }
  const filter: ClaimFilter = { ...programme, ...(status && { status }) }
  return (
    <>
      <PageHead
        title={t('web.promotion.claims')}
        lead={t('web.promotion.claims-lead')}
        acts={
          <>
            {may(session, 'promotion-commitment:read') && (
              <ExportMenu
                label={t('web.promotion.commitments-export')}
                list={{ path: '/api/v1/promotion-commitments', filter: programme, fields: COMMITMENT_FIELDS }}
              />
            )}
            {may(session, 'promotion-payment:read') && (
              <ExportMenu
                label={t('web.promotion.payments-export')}
                list={{ path: '/api/v1/promotion-payments', filter: programme, fields: PAYMENT_FIELDS }}
              />
            )}
          </>
        }
      />
      <ListPanel
        ordered
        filter={filter}
        query={(cursor) => claimsQuery(filter, cursor)}
        columns={useClaimColumns()}
        caption={t('web.promotion.claims')}
        empty={t('web.promotion.claims-empty')}
      >
        <ChoiceField
          label={t('web.promotion.state')}
          value={search.status}
          onSay={(s) => say({ status: s })}
          words={CLAIM_STATUSES}
          name={(s) => word('promotion-claim.status.', s)}
        />
      </ListPanel>
    </>
  )
}
