import { Button } from '@mantine/core'
import { IconCheck, IconExclamationMark, IconMinus } from '@tabler/icons-react'
import type { Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'
import type { Dossier } from './queries'

type Item = Schema['CompletenessItem']

/** What the market wants to see, what is missing, why, and who can supply it; the missing first. */
export function CompletenessPanel({ dossier: d, onGo }: { dossier: Dossier; onGo: (tab: string) => void }) {
  const { t } = useI18n()
  const c = d.completeness
  const rank = (i: Item) => (i.met ? 2 : i.required ? 0 : 1)
  const items = [...c.items].sort((a, b) => rank(a) - rank(b))
  return (
    <Panel
      title={t('web.dossier.met', { Met: c.met, Total: c.total })}
      aside={<Tag tone={c.ready ? 'ok' : 'warn'}>{t(c.ready ? 'web.dossier.ready' : 'web.dossier.not-ready')}</Tag>}
    >
      <div className="gauge" data-full={c.ready || undefined} aria-hidden="true">
        <span style={{ inlineSize: `${c.total ? (c.met / c.total) * 100 : 0}%` }} />
      </div>
      <ul className="list" style={{ marginBlockStart: 8 }}>
        {items.map((i) => (
          <Wanted key={`${i.key} ${i.language}`} item={i} dossier={d} onGo={onGo} />
        ))}
      </ul>
    </Panel>
  )
}

function Wanted({ item: i, dossier: d, onGo }: { item: Item; dossier: Dossier; onGo: (tab: string) => void }) {
  const { t, language } = useI18n()
  const Icon = i.met ? IconCheck : i.required ? IconExclamationMark : IconMinus
  return (
    <li>
      <span className="check" data-met={i.met || undefined} data-required={(!i.met && i.required) || undefined}>
        <Icon size={14} aria-hidden />
        <span className="sr-only">
          {t(i.met ? 'web.dossier.has' : i.required ? 'web.dossier.lacks' : 'web.dossier.could-have')}
        </span>
      </span>
      <b style={{ fontWeight: 500 }}>
        {i.title}
        {i.language && ` (${language(i.language)})`}
      </b>
      {i.missing !== undefined && i.missing > 0 && !i.met && (
        <Tag tone="warn">{t('web.dossier.missing', { Count: i.missing })}</Tag>
      )}
      {!i.met && (
        <span className="end">
          <Supply item={i} dossier={d} onGo={onGo} />
        </span>
      )}
      <span className="sub">
        <bdi>{i.why}</bdi> {!i.met && t('web.dossier.supplier', { Name: i.supplier })}
        {i.source.title && (
          <>
            {' '}
            <bdi>({i.source.title})</bdi>
          </>
        )}
      </span>
    </li>
  )
}

/** The way to the place where the missing is supplied. */
function Supply({ item: i, dossier: d, onGo }: { item: Item; dossier: Dossier; onGo: (tab: string) => void }) {
  const { t } = useI18n()
  const session = useSession()
  if (i.place === 'registration') {
    return (
      <LinkButton to="/registrations/$id" params={{ id: d.registrationId }} size="compact-sm" variant="default">
        {t('web.dossier.go-registration')}
      </LinkButton>
    )
  }
  if (i.place === 'status') {
    return (
      <>
        <LinkButton
          to="/status"
          search={{ name: d.registrationName, market: d.market }}
          size="compact-sm"
          variant="default"
        >
          {t('web.status.nav')}
        </LinkButton>
        {may(session, 'recognition:read') && (
          <LinkButton
            to="/recognitions"
            search={{ q: d.registrationName, market: d.market }}
            size="compact-sm"
            variant="default"
          >
            {t('web.recognitions.nav')}
          </LinkButton>
        )}
      </>
    )
  }
  const tab = i.place === 'annexes' ? 'annexes' : i.place === 'segments' || i.place === 'product' ? 'texts' : undefined
  return tab ? (
    <Button size="compact-sm" variant="default" onClick={() => onGo(tab)}>
      {t(tab === 'texts' ? 'web.dossier.go-texts' : 'web.dossier.go-annexes')}
    </Button>
  ) : null
}
