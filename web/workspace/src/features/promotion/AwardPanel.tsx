import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { PaperButton } from '../../ui/PaperButton'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Application, type Award, awardQuery, OUTCOME, object, objectionsQuery } from './applications'
import type { Programme } from './calls'
import { DecideDialog } from './DecideDialog'
import { ObjectionList } from './ObjectionList'
import { printLetter } from './papers'
import { ReasonDialog } from './ReasonDialog'

type Props = { of: Application; programme: Programme }

/** What was decided on an application, and what was said against it. Applicants see it once it is published. */
export function AwardPanel({ of: a, programme: p }: Props) {
  const { t } = useI18n()
  const session = useSession()
  const reads = may(session, 'promotion-award:read')
  const { data: award, error } = useQuery({ ...awardQuery(a.id), enabled: reads })
  const objections = useQuery({
    ...objectionsQuery({ awardId: award?.id ?? '' }),
    enabled: Boolean(award?.publishedAt) && may(session, 'promotion-objection:read'),
  })
  const [dialog, setDialog] = useState<'decide' | 'object'>()
  const close = () => setDialog(undefined)
  if (!reads) return null
  const upheld = objections.data?.some((o) => o.status === 'upheld') ?? false
  const decidable = p.own && may(session, 'promotion-award:decide') && (p.status === 'closed' || upheld)
  const objectable =
    a.own &&
    award?.objectionUntil !== undefined &&
    Date.parse(award.objectionUntil) > Date.now() &&
    objections.data?.length === 0 &&
    may(session, 'promotion-objection:file')
  return (
    <Panel
      title={t('web.promotion.decision')}
      aside={
        <>
          {decidable && (
            <Button size="compact-sm" onClick={() => setDialog('decide')}>
              {t('web.promotion.decide')}
            </Button>
          )}
          {objectable && (
            <Button size="compact-sm" variant="default" onClick={() => setDialog('object')}>
              {t('web.promotion.object')}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <ProblemAlert error={error} />
        {award === null && <p className="soft">{t('web.promotion.undecided')}</p>}
        {award && <Decided of={award} />}
        {award?.publishedAt && <Letter of={award} />}
        {objections.data && <ObjectionList of={objections.data} />}
      </div>
      {dialog === 'decide' && <DecideDialog of={a} award={award ?? undefined} onClose={close} />}
      {dialog === 'object' && award && (
        <ReasonDialog
          title={t('web.promotion.object')}
          note={t('web.promotion.object-note')}
          run={(text) => object(award.id, text)}
          onClose={close}
        />
      )}
    </Panel>
  )
}

/** The letter about a decision, in the language that the applicant chose. */
function Letter({ of: w }: { of: Award }) {
  const { t } = useI18n()
  if (!may(useSession(), 'promotion-award:print')) return null
  return (
    <div>
      <PaperButton key={w.etag} print={() => printLetter(w.id)} label={t('web.promotion.letter')} />
    </div>
  )
}

function Decided({ of: w }: { of: Award }) {
  const { t, word, number, money, instant } = useI18n()
  return (
    <FactList
      of={[
        [
          t('web.promotion.outcome'),
          <Tag key="outcome" tone={OUTCOME[w.outcome]}>
            {word('promotion.outcome.', w.outcome)}
          </Tag>,
        ],
        [t('web.promotion.position'), w.position && number(w.position)],
        [t('web.promotion.amount'), w.outcome !== 'rejected' && money(w.amount, w.currency)],
        [t('web.promotion.paid'), w.outcome === 'awarded' && money(w.paid, w.currency)],
        [t('web.promotion.reason'), w.reason],
        [t('web.promotion.published-at'), w.publishedAt ? instant(w.publishedAt) : t('web.promotion.not-published')],
        [t('web.promotion.objection-until'), w.objectionUntil && instant(w.objectionUntil)],
      ]}
    />
  )
}
