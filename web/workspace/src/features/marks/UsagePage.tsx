import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { ChoiceField, DayField, useSay } from '../../ui/filters'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { oneOf } from '../../ui/oneOf'
import { PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationSelect } from '../../ui/RegistrationSelect'
import { today } from '../../ui/today'
import { MonthsPanel } from './MonthsPanel'
import { RuleDialog } from './RuleDialog'
import { ExclusionsPanel, SharePanel, TownshipsPanel } from './Shares'
import { UsersPanel } from './UsersPanel'
import { type Asked, monthBefore, usageQuery } from './usage'

const route = getRouteApi('/house/mark-usage')
/** A year of months, this one and eleven before. */
const MONTHS_BEFORE = 11

/** How many of the producers that could use the mark do, against the target, and what the others need next. */
export function UsagePage() {
  const { t } = useI18n()
  const session = useSession()
  const [ruling, setRuling] = useState(false)
  const { registrationId, from, to } = route.useSearch()
  const last = to ?? today()
  const asked: Asked = {
    ...(registrationId && { registrationId }),
    from: from ?? monthBefore(last, MONTHS_BEFORE),
    to: last,
  }
  return (
    <>
      <PageHead
        title={t('web.mark-usage.nav')}
        lead={t('web.mark-usage.lead')}
        acts={
          <>
            {may(session, 'mark-rule:read') && (
              <Button variant="default" onClick={() => setRuling(true)}>
                {t('web.mark-rule.title')}
              </Button>
            )}
            {may(session, 'mark-producer:read') && (
              <LinkButton to="/mark-producers" search={registrationId ? { registrationId } : {}}>
                {t('web.producers.nav')}
              </LinkButton>
            )}
          </>
        }
      />
      <div className="stack">
        <Panel>
          <Period asked={asked} />
        </Panel>
        <Shown asked={asked} />
      </div>
      {ruling && <RuleDialog onClose={() => setRuling(false)} />}
    </>
  )
}

function Period({ asked }: { asked: Asked }) {
  const { t } = useI18n()
  const { say } = useSay<ReturnType<typeof route.useSearch>>()
  return (
    <search className="toolbar">
      <RegistrationSelect
        optional
        label={t('web.special-marks.registration')}
        value={asked.registrationId ?? ''}
        error={null}
        onChange={(registrationId) => say({ registrationId })}
      />
      <DayField label={t('web.ledger.since')} value={asked.from} onSay={(from) => say({ from })} />
      <DayField label={t('web.ledger.until')} value={asked.to} onSay={(to) => say({ to })} />
    </search>
  )
}

const YES_NO = ['true', 'false'] as const

function Shown({ asked }: { asked: Asked }) {
  const { t } = useI18n()
  const { using = 'false', exports, township } = route.useSearch()
  const { say } = useSay<ReturnType<typeof route.useSearch>>()
  const { data, error, refetch } = useQuery(usageQuery(asked))
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={420} radius={14} />
  const chosen = {
    ...(oneOf(YES_NO, using) && { using: using === 'true' }),
    ...(oneOf(YES_NO, exports) && { exports: exports === 'true' }),
    ...(township && { township }),
  }
  return (
    <>
      <div className="grid">
        <SharePanel title={t('web.mark-usage.all')} share={data.all} target={data.targetPercent} />
        <SharePanel title={t('web.mark-usage.exporters')} share={data.exporters} target={data.targetPercent} />
        <MonthsPanel usage={data} />
        <TownshipsPanel usage={data} onChoose={(name) => say({ township: name })} />
      </div>
      <UsersPanel asked={asked} chosen={chosen} onAll={() => say({ township: undefined })}>
        <ChoiceField
          label={t('web.mark-usage.using')}
          value={using}
          onSay={(v) => say({ using: v || 'all' })}
          words={YES_NO}
          name={(v) => t(v === 'true' ? 'web.mark-usage.who-uses' : 'web.mark-usage.who-does-not')}
        />
        <ChoiceField
          label={t('web.special-marks.exports')}
          value={exports}
          onSay={(v) => say({ exports: v })}
          words={YES_NO}
          name={(v) => t(v === 'true' ? 'web.yes' : 'web.no')}
        />
      </UsersPanel>
      <ExclusionsPanel usage={data} />
    </>
  )
}
