import { Progress } from '@mantine/core'
import { IconAlertCircle, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import type { Dossier } from './queries'

/** What is there and what is missing, why it is wanted, who can supply it, and where. */
export function Completeness({ dossier, className }: { dossier: Dossier; className: string }) {
  const { t, language, number } = useI18n()
  const { items, met, total, ready } = dossier.completeness
  return (
    <Panel
      className={className}
      title={t('web.dossier.completeness')}
      aside={<span className="soft">{`${number(met)} / ${number(total)}`}</span>}
    >
      <Progress
        value={(met / Math.max(total, 1)) * 100}
        color={ready ? 'river' : 'yellow'}
        aria-label={t('web.dossier.completeness')}
        mb="sm"
      />
      <p className="soft">{ready ? t('web.dossier.ready') : t('web.dossier.notReady')}</p>
      <ul className="list">
        {items.map((i) => (
          <li key={i.key + (i.language ?? '')}>
            {i.met ? (
              <IconCircleCheck size={20} color="var(--leaf-700)" aria-label={t('web.dossier.met')} />
            ) : i.required ? (
              <IconAlertCircle size={20} color="var(--rose-700)" aria-label={t('web.dossier.missing')} />
            ) : (
              <IconCircleDashed size={20} color="var(--ink-600)" aria-label={t('web.dossier.recommended')} />
            )}
            <span>
              {i.title}
              {i.language && ` · ${language(i.language)}`}
              {!i.met && (i.missing ?? 0) > 1 && ` (${number(i.missing ?? 0)})`}
            </span>
            {!i.met && (
              <span className="sub">
                {i.why} {t('web.dossier.supplier', { Supplier: i.supplier })}{' '}
                {i.place === 'registration' && (
                  <Link to="/registrations/$id/edit" params={{ id: dossier.registrationId }}>
                    {t('web.dossier.supply')}
                  </Link>
                )}
                {i.place !== 'registration' && i.place !== 'status' && (
                  <a href={`#${i.place}`}>{t('web.dossier.supply')}</a>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
