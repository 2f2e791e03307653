import { Alert, Button } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FactList } from '../../ui/FactList'
import { type MessageId, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import type { Application } from './applications'
import type { FormValues } from './form'
import { type Known, knownQuery } from './papers'

const NAMES: Record<Known['field'], MessageId> = {
  name: 'web.promotion.producer',
  creditCode: 'web.members.credit-code',
  contact: 'web.promotion.contact',
  email: 'web.members.email',
  phone: 'web.members.phone',
  language: 'web.members.language',
}

type Props = { form: UseFormReturnType<FormValues>; of: Application }

/** What can be filled in, and from where it is known. What somebody wrote stays: only what is empty is filled in, and only when asked. */
export function KnownNote({ form, of: a }: Props) {
  const { t, word, language } = useI18n()
  const { data } = useQuery(knownQuery(a))
  const known = data?.items.filter((k) => !form.values[k.field].trim()) ?? []
  if (known.length === 0) return null
  return (
    <Alert variant="light" title={t('web.promotion.known')} styles={{ message: { color: 'var(--ink-900)' } }}>
      <div className="stack tight">
        <FactList
          of={known.map((k) => [
            t(NAMES[k.field]),
            <span key={k.field}>
              <bdi>{k.field === 'language' ? language(k.value) : k.value}</bdi>{' '}
              <span className="soft small">{word('web.promotion.known-from.', k.source)}</span>
            </span>,
          ])}
        />
        <Button
          size="compact-sm"
          variant="default"
          style={{ justifySelf: 'start' }}
          onClick={() => form.setValues(Object.fromEntries(known.map((k) => [k.field, k.value])))}
        >
          {t('web.promotion.fill-in')}
        </Button>
      </div>
    </Alert>
  )
}

/** Own dossiers that are issued for a country of the call: what they hold need not be gathered anew. */
export function KnownDossiers({ of: a }: { of: Application }) {
  const { t, text, market } = useI18n()
  const { data } = useQuery(knownQuery(a))
  if (!data?.dossiers.length) return null
  return (
    <Panel title={t('web.promotion.dossiers')}>
      <ul className="list">
        {data.dossiers.map((d) => (
          <li key={d.id}>
            <Link to="/dossiers/$id" params={{ id: d.id }} target="_blank">
              <bdi>{text(d.title) || d.number || d.id}</bdi>
            </Link>
            <span className="end soft">{market(d.market)}</span>
          </li>
        ))}
      </ul>
      <p className="soft small">{t('web.promotion.dossiers-how')}</p>
    </Panel>
  )
}
