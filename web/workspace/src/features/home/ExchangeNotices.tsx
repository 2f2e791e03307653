import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, body } from '../../api/client'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Tag } from '../../ui/Tag'

/** What is wrong in the exchange with others, each with the page where it is mended; nothing when all is well. */
export function ExchangeNotices() {
  const { t, word, text } = useI18n()
  const session = useSession()
  const partners = useQuery({
    queryKey: ['partners', 'home'],
    queryFn: () => body(api.GET('/api/v1/partners', { params: { query: { limit: 50 } } })),
    enabled: may(session, 'partner:read'),
  })
  const webhooks = useQuery({
    queryKey: ['webhooks', 'home'],
    queryFn: () => body(api.GET('/api/v1/webhooks')),
    enabled: may(session, 'webhook:read'),
  })
  const retirements = useQuery({
    queryKey: ['retirements', 'home'],
    queryFn: () => body(api.GET('/api/v1/retirements')),
    enabled: may(session, 'retirement:read'),
  })
  const troubled = (partners.data?.items ?? []).filter((p) => p.problems.length > 0).slice(0, 5)
  const disabled = (webhooks.data?.items ?? []).filter((w) => w.disabledWhy && w.disabledWhy !== 'person')
  const called = (retirements.data?.items ?? []).filter((r) => r.calls.length > 0)
  if (troubled.length + disabled.length + called.length === 0) return null
  return (
    <Panel title={t('web.home.exchange')}>
      <ul className="list">
        {troubled.map((p) => (
          <li key={p.tenant.slug}>
            <Link to="/partners">
              <bdi>{text(p.tenant.names) || p.tenant.slug}</bdi>
            </Link>
            <span className="end">
              {p.problems.map((x) => (
                <Tag key={x} tone="warn">
                  {word('partner.trouble.', x)}
                </Tag>
              ))}
            </span>
          </li>
        ))}
        {disabled.map((w) => (
          <li key={w.id}>
            <Link to="/webhooks/$id" params={{ id: w.id }}>
              <bdi>{w.description || w.url}</bdi>
            </Link>
            <span className="end">
              <Tag tone="bad">{t('web.home.webhook')}</Tag>
            </span>
          </li>
        ))}
        {called.map((r) => (
          <li key={r.operation}>
            <Link to="/usage">{t('web.home.retired', { Name: `${r.method} ${r.path}` })}</Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
