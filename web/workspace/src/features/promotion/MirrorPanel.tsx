import { Alert } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import type { Mirror } from './calls'

/** Whose a call is that was taken over from a platform, and how the original stands now. */
export function MirrorPanel({ of: m }: { of: Mirror }) {
  const { t, word, instant } = useI18n()
  return (
    <Panel title={t('web.promotion.mirror-of')}>
      <div className="stack">
        {m.changed && (
          <Alert color="yellow" role="status">
            {t('web.promotion.mirror-changed')}
          </Alert>
        )}
        <FactList
          of={[
            [t('web.promotion.platform'), <Name key="name" of={m} />],
            [t('web.promotion.level'), word('promotion.level.', m.level)],
            [
              t('web.promotion.mirror-taken'),
              [instant(m.takenAt), m.takenName].filter((part): part is string => Boolean(part)).join(' · '),
            ],
            [t('web.promotion.mirror-then'), m.stateThen && word('promotion.state.', m.stateThen)],
            [t('web.promotion.mirror-now'), m.stateNow && word('promotion.state.', m.stateNow)],
          ]}
        />
        {!m.stateNow && <p className="soft small">{t('web.promotion.mirror-unknown')}</p>}
        <p className="soft small">{t('web.promotion.mirror-how')}</p>
        <a href={m.address} rel="noopener noreferrer">
          {t('web.promotion.mirror-original')}
        </a>
      </div>
    </Panel>
  )
}

/** Its name leads to what is known of it, for who may read that. */
function Name({ of: m }: { of: Mirror }) {
  const { text } = useI18n()
  const name = <bdi>{text(m.names)}</bdi>
  if (!m.platformId) return name
  return (
    <Link to="/promotion-platforms/$id" params={{ id: m.platformId }}>
      {name}
    </Link>
  )
}
