import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { PaperButton } from '../../ui/PaperButton'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { AwardPanel } from './AwardPanel'
import { type Application, applicationQuery, awardQuery, blinded, STAGE, withdraw } from './applications'
import { callQuery, type Programme } from './calls'
import { EligibilityPanel } from './EligibilityPanel'
import { FormPanels } from './FormPanels'
import { HistoryPanel } from './HistoryPanel'
import { ClaimsPanel, ResultsPanel } from './MoneyPanel'
import { printConfirmation } from './papers'
import { ReasonDialog } from './ReasonDialog'
import { Reckoned } from './Reckoned'
import { ReturnDialog } from './ReturnDialog'
import { ScorePanel } from './ScorePanel'
import { Asked } from './Steps'

const route = getRouteApi('/house/promotion-applications/$id')

/** An application: what it says, what the committee and the keeper say of it, and what happened to it. */
export function ApplicationPage() {
  const { id } = route.useParams()
  const { t, word, text } = useI18n()
  const { data: a, error, refetch } = useQuery(applicationQuery(id))
  const { data: p } = useQuery({ ...callQuery(a?.programmeId ?? ''), enabled: a !== undefined })
  if (error) {
    return (
      <>
        <PageHead title={t('web.promotion.application')} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!a || !p) return <Skeleton h={420} radius={14} />
  return (
    <>
      <PageHead
        title={a.form.name || text(a.applicant?.names) || a.number || t('web.promotion.unnamed')}
        crumb={
          <Link to="/promotion-programmes/$id" params={{ id: a.programmeId }} className="crumb">
            <Back>{text(a.titles)}</Back>
          </Link>
        }
        tag={<Tag tone={STAGE[a.status]}>{word('promotion-application.status.', a.status)}</Tag>}
        lead={a.number && <bdi className="mono">{a.number}</bdi>}
        acts={<Acts of={a} />}
      />
      <div className="grid">
        <div className="stack w8">
          <Asked of={a} />
          {a.number && <Money of={a} programme={p} />}
          <FormPanels of={a} call={p.call} />
        </div>
        <div className="stack w4">
          <Facts of={a} programme={p} />
          <Weighed of={a} programme={p} />
          {a.number && <AwardPanel of={a} programme={p} />}
          {!blinded(a) && <EligibilityPanel of={a} />}
          {a.history && <HistoryPanel events={a.history} acts="promotion-application.act." />}
        </div>
      </div>
    </>
  )
}

/** What the committee says: its members score here. */
function Weighed({ of: a, programme: p }: { of: Application; programme: Programme }) {
  const me = useSession().personId
  const member = p.committee?.some((m) => m.personId === me) ?? false
  if (a.own && !p.own) return null
  return a.number ? <ScorePanel of={a} programme={p} member={member} /> : null
}

/** What was asked for under an award, and what came of it. */
function Money({ of: a, programme: p }: { of: Application; programme: Programme }) {
  const reads = may(useSession(), 'promotion-award:read')
  const { data: award } = useQuery({ ...awardQuery(a.id), enabled: reads })
  if (award?.outcome !== 'awarded' || !award.publishedAt) return null
  return (
    <>
      <ClaimsPanel of={award} programme={p} own={a.own} />
      <ResultsPanel of={award} own={a.own} />
    </>
  )
}

function Acts({ of: a }: { of: Application }) {
  const { t } = useI18n()
  const prints = may(useSession(), 'promotion-application:print')
  const [dialog, setDialog] = useState<'withdraw' | 'return'>()
  const close = () => setDialog(undefined)
  return (
    <>
      {a.number && prints && !blinded(a) && (
        <PaperButton key={a.etag} print={() => printConfirmation(a.id)} label={t('web.promotion.confirmation')} />
      )}
      {a.allowed.includes('withdraw') && (
        <Button variant="outline" color="rose" onClick={() => setDialog('withdraw')}>
          {t('promotion-application.act.withdraw')}
        </Button>
      )}
      {a.allowed.includes('return') && (
        <Button variant="default" onClick={() => setDialog('return')}>
          {t('promotion-application.act.return')}
        </Button>
      )}
      {a.allowed.includes('update') && (
        <LinkButton to="/promotion-applications/$id/edit" params={{ id: a.id }}>
          {t('promotion-application.act.update')}
        </LinkButton>
      )}
      {dialog === 'withdraw' && (
        <ReasonDialog
          danger
          title={t('promotion-application.act.withdraw')}
          note={t('web.promotion.withdraw-note')}
          run={(reason) => withdraw(a, reason)}
          onClose={close}
        />
      )}
      {dialog === 'return' && <ReturnDialog of={a} onClose={close} />}
    </>
  )
}

function Facts({ of: a, programme: p }: { of: Application; programme: Programme }) {
  const { t, text, instant } = useI18n()
  return (
    <Panel title={t('web.promotion.reckoning')}>
      <div className="stack">
        <Reckoned of={a} call={p.call} />
        <FactList
          of={[
            [t('web.promotion.applicant'), a.applicant && (text(a.applicant.names) || a.applicant.slug)],
            [t('web.promotion.submitted-at'), a.submittedAt && instant(a.submittedAt)],
          ]}
        />
      </div>
    </Panel>
  )
}
