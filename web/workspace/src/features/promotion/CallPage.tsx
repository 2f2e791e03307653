import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ApplyButton } from './ApplyButton'
import { CallPanels } from './CallPanels'
import { CommitteePanel } from './CommitteePanel'
import { ACTS, type Act, callQuery, cancel, changed, type Programme, perform, TONE } from './calls'
import { FundsPanel } from './FundsPanel'
import { HistoryPanel } from './HistoryPanel'
import { MirrorButton } from './MirrorButton'
import { MirrorPanel } from './MirrorPanel'
import { ReasonDialog } from './ReasonDialog'
import { ObjectionsPanel, SelectionPanel, ToWeigh } from './SelectionPanel'
import { SureDialog } from './SureDialog'
import { Window } from './Window'

const route = getRouteApi('/house/promotion-programmes/$id')

/** Acts that cannot be taken back: whoever does one is told first what it brings. */
const GRAVE: readonly Act[] = ['open', 'decide', 'settle']

/** A call: what it says, its window, its money, its committee and its life. */
export function CallPage() {
  const { id } = route.useParams()
  const { t, word, text } = useI18n()
  const { data: p, error, refetch } = useQuery(callQuery(id))
  const crumb = (
    <Link to="/promotion-programmes" className="crumb">
      <Back>{t('web.promotion.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.promotion.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!p) return <Skeleton h={420} radius={14} />
  return (
    <>
      <PageHead
        title={text(p.call.titles)}
        crumb={crumb}
        tag={<Tag tone={TONE[p.status]}>{word('promotion-programme.status.', p.status)}</Tag>}
        lead={[word('promotion.kind.', p.call.kind), text(p.keeper.names) || p.keeper.slug].join(' · ')}
        acts={<Acts of={p} />}
      />
      <div className="grid">
        <div className="stack w8">
          {p.mirror && <MirrorPanel of={p.mirror} />}
          {p.own && !p.mirror && p.publishedAt && <Selection of={p} />}
          <CallPanels call={p.call} mirrored={p.mirror !== undefined} />
        </div>
        <div className="stack w4">
          <Panel title={t('web.promotion.window')}>
            <div className="stack">
              <Window of={p} />
              {p.publishedAt && <a href={`/calls/${p.keeper.slug}/${p.id}`}>{t('web.promotion.public')}</a>}
            </div>
          </Panel>
          {p.own && !p.mirror && <FundsPanel of={p} />}
          {p.own && !p.mirror && <CommitteePanel of={p} />}
          {p.history && <HistoryPanel events={p.history} acts="promotion-programme.act." />}
        </div>
      </div>
    </>
  )
}

/** Who weighs, or reads what was weighed, sees the order; who answers objections sees them. */
function Selection({ of: p }: { of: Programme }) {
  const session = useSession()
  return (
    <>
      {may(session, 'promotion-score:read') && may(session, 'promotion-award:read') && <SelectionPanel of={p} />}
      {may(session, 'promotion-objection:read') && <ObjectionsPanel of={p} />}
      {!may(session, 'promotion-award:read') && may(session, 'promotion-application:read') && <ToWeigh of={p} />}
    </>
  )
}

function Acts({ of: p }: { of: Programme }) {
  const { t, word } = useI18n()
  const [dialog, setDialog] = useState<'cancel' | Act>()
  const close = () => setDialog(undefined)
  const refused = useRefused()
  const run = useMutation({ mutationFn: (act: Act) => perform(p, act), onSuccess: changed, onError: refused })
  return (
    <>
      {!p.own && !p.mirror && <ApplyButton of={p} />}
      <MirrorButton of={p} />
      {p.allowed.includes('cancel') && (
        <Button variant="outline" color="rose" onClick={() => setDialog('cancel')}>
          {t('promotion-programme.act.cancel')}
        </Button>
      )}
      {p.allowed.includes('update') && (
        <LinkButton variant="default" to="/promotion-programmes/$id/edit" params={{ id: p.id }}>
          {t('promotion-programme.act.update')}
        </LinkButton>
      )}
      {ACTS.filter((act) => p.allowed.includes(act)).map((act) => (
        <Button
          key={act}
          loading={run.isPending && run.variables === act}
          onClick={() => (GRAVE.includes(act) ? setDialog(act) : run.mutate(act))}
        >
          {word('promotion-programme.act.', act)}
        </Button>
      ))}
      {dialog === 'cancel' && (
        <ReasonDialog
          danger
          title={t('promotion-programme.act.cancel')}
          note={t('web.promotion.cancel-note')}
          run={(reason) => cancel(p, reason)}
          onClose={close}
        />
      )}
      {dialog && dialog !== 'cancel' && (
        <SureDialog
          title={word('promotion-programme.act.', dialog)}
          note={word('web.promotion.note.', dialog)}
          run={() => perform(p, dialog)}
          onClose={close}
        />
      )}
    </>
  )
}
