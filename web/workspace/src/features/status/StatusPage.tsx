import { Button, Skeleton, TextInput } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, body, type Schema } from '../../api/client'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { today } from '../../ui/today'

const route = getRouteApi('/house/status')
const TONE: Record<Schema['StatusAnswer'], Tone> = { yes: 'ok', no: 'bad', unknown: 'plain' }

type Question = { name: string; market: string; on?: string; holder?: string }
const statusQuery = (query: Question, locale: string) =>
  queryOptions({
    queryKey: ['status', query, locale],
    queryFn: () => body(api.GET('/api/v1/status', { params: { query } })),
  })

/** May this name be used in this market on this day, and by this holder? */
export function StatusPage() {
  const { t, locale } = useI18n()
  const { name, market, on, holder } = route.useSearch()
  const asked = name && market ? { name, market, on: on || today(), ...(holder && { holder }) } : undefined
  const { data, error, isFetching } = useQuery({
    ...statusQuery(asked ?? { name: '', market: '' }, locale),
    enabled: asked !== undefined,
  })
  return (
    <>
      <PageHead title={t('web.status.title')} lead={t('web.status.lead')} />
      <div className="stack">
        <Ask />
        <ProblemAlert error={error} />
        {isFetching && !data && <Skeleton h={200} radius={14} />}
        <div aria-live="polite" className="stack">
          {data && !error && <Answer status={data} />}
        </div>
      </div>
    </>
  )
}

function Ask() {
  const { t } = useI18n()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <Panel title={t('web.status.question')}>
      <form
        key={JSON.stringify(search)}
        className="toolbar"
        style={{ margin: 0 }}
        onSubmit={(e) => {
          e.preventDefault()
          const said = Object.fromEntries([...new FormData(e.currentTarget)].filter(([, value]) => value !== ''))
          void navigate({ search: said as typeof search })
        }}
      >
        <TextInput
          required
          style={{ flex: '2 1 240px' }}
          name="name"
          label={t('web.status.name')}
          defaultValue={search.name}
        />
        <TextInput
          required
          w={130}
          maxLength={2}
          name="market"
          label={t('web.status.market')}
          placeholder="XA"
          defaultValue={search.market}
        />
        <TextInput type="date" name="on" label={t('web.status.on')} defaultValue={search.on} />
        <TextInput
          style={{ flex: '1 1 200px' }}
          name="holder"
          label={t('web.status.holder')}
          defaultValue={search.holder}
        />
        <Button type="submit">{t('web.status.ask')}</Button>
      </form>
    </Panel>
  )
}

function Answer({ status: s }: { status: Schema['Status'] }) {
  const { t, word, language, day } = useI18n()
  const session = useSession()
  return (
    <>
      <section className="panel verdict" data-tone={TONE[s.answer]}>
        <Tag tone={TONE[s.answer]}>{word('page.status.word.', s.answer)}</Tag>
        <p className="big">{s.message}</p>
        <p className="soft small">
          {s.marketName} · {day(s.on)}
        </p>
        {s.holder && s.holderAnswer && (
          <p>
            {t('web.status.for-holder', { Name: s.holder })}{' '}
            <Tag tone={TONE[s.holderAnswer]}>{word('page.status.word.', s.holderAnswer)}</Tag>
          </p>
        )}
      </section>
      {s.names.length > 0 && (
        <Panel title={t('web.status.forms')}>
          <ul className="list">
            {s.names.map((n, i) => (
              <li key={i}>
                <bdi lang={n.language}>{n.text}</bdi>
                <span className="end soft small">
                  {language(n.language)} · {word('name.kind.', n.kind)}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel
        title={t('web.status.reasons')}
        aside={
          may(session, 'recognition:record') && (
            <Link to="/recognitions/new" search={{ name: s.name, market: s.market }}>
              {t('web.recognition.new')}
            </Link>
          )
        }
      >
        <ul className="list">
          {s.reasons.map((r, i) => (
            <Reason key={i} reason={r} />
          ))}
        </ul>
      </Panel>
    </>
  )
}

function Reason({ reason: r }: { reason: Schema['StatusReason'] }) {
  const { t, text, word, day } = useI18n()
  return (
    <li>
      <Tag tone={TONE[r.says]}>{word('page.status.word.', r.says)}</Tag>
      <span style={{ flex: '1 1 60%' }}>{r.message}</span>
      <span className="sub">
        {r.record && (
          <>
            {t('web.status.published-by', { Name: text(r.record.publisher.names), Day: day(r.record.publishedAt) })}{' '}
            {r.record.house &&
              `${t('web.status.from-house', { Name: r.record.house.name, Day: day(r.record.house.checkedAt) })} `}
            <TheRecord record={r.record} /> {r.record.demo && <Tag tone="warn">{t('web.demo.word')}</Tag>}
          </>
        )}
        {r.ageDays !== undefined && ` ${t('web.status.age', { Count: r.ageDays })} `}
      </span>
      {r.sources.map((source, i) => (
        <span key={i} className="sub">
          {source.url && /^https?:\/\//.test(source.url) ? (
            <a href={source.url} target="_blank" rel="noreferrer">
              <bdi>{source.title}</bdi>
            </a>
          ) : (
            <bdi>{source.title}</bdi>
          )}
        </span>
      ))}
    </li>
  )
}

/** What we published ourselves has a page here; what others published is shown as they published it. */
function TheRecord({ record: r }: { record: Schema['StatusRecord'] }) {
  const { t } = useI18n()
  const session = useSession()
  const to =
    r.kind === 'registration' ? '/registrations/$id' : r.kind === 'recognition' ? '/recognitions/$id' : undefined
  if (to && !r.house && r.publisher.slug === session.tenant.slug && may(session, `${r.kind}:read`)) {
    return (
      <Link to={to} params={{ id: r.id }}>
        {t('web.status.record')}
      </Link>
    )
  }
  return (
    <a href={`${r.house?.url ?? ''}/api/v1/publications/${r.publicationId}`} target="_blank" rel="noreferrer">
      {t('web.status.record')}
    </a>
  )
}
