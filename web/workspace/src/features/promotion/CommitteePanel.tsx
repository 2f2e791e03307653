import { Button } from '@mantine/core'
import { useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { CommitteeDialog } from './CommitteeDialog'
import type { Programme } from './calls'

/** Who weighs the applications. */
export function CommitteePanel({ of: p }: { of: Programme }) {
  const { t } = useI18n()
  const [appointing, setAppointing] = useState(false)
  const members = p.committee ?? []
  return (
    <Panel
      title={t('web.promotion.committee')}
      aside={
        p.allowed.includes('appoint') && (
          <Button size="compact-sm" variant="default" onClick={() => setAppointing(true)}>
            {t('promotion-programme.act.appoint')}
          </Button>
        )
      }
    >
      {members.length === 0 && <p className="soft">{t('web.promotion.committee-none')}</p>}
      <ul className="list">
        {members.map((m) => (
          <li key={m.personId}>
            <bdi>{m.name}</bdi>
          </li>
        ))}
      </ul>
      {appointing && <CommitteeDialog of={p} onClose={() => setAppointing(false)} />}
    </Panel>
  )
}
