import { TextInput } from '@mantine/core'
import { useI18n } from './i18n'
import { Panel } from './Panel'
import { Rows } from './Rows'

type Source = { title: string; url?: string; page?: string; retrievedAt?: string }

/** An address that a browser may follow; records hold what people typed. */
const followable = (url: string | undefined) => (url && /^https?:\/\//.test(url) ? url : undefined)

/** Where the facts of a record come from. */
export function SourcesPanel({ sources }: { sources: Source[] }) {
  const { t, day } = useI18n()
  return (
    <Panel title={t('web.registration.sources')}>
      <ul className="list">
        {sources.map((s, i) => (
          <li key={i}>
            {followable(s.url) ? (
              <a href={followable(s.url)} rel="noreferrer" target="_blank">
                <bdi>{s.title}</bdi>
              </a>
            ) : (
              <bdi>{s.title}</bdi>
            )}
            <span className="end soft small">
              {[s.page, s.retrievedAt && t('web.registration.retrieved', { Day: day(s.retrievedAt) })]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What the rows need of a form that has a field `sources`. */
type Form = {
  values: { sources: Source[] }
  getInputProps: (path: string) => object
  insertListItem: (path: 'sources', item: Required<Omit<Source, 'retrievedAt'>>) => void
  removeListItem: (path: 'sources', index: number) => void
}

/** The sources of a record in its form. */
export function SourceRows({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Rows
      title={t('web.registration.sources')}
      rows={form.values.sources}
      add={() => form.insertListItem('sources', { title: '', url: '', page: '' })}
      remove={(i) => form.removeListItem('sources', i)}
    >
      {(source, i) => (
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            style={{ flex: '2 1 220px' }}
            dir="auto"
            label={t('web.registration.source-title')}
            {...form.getInputProps(`sources.${i}.title`)}
          />
          <TextInput
            style={{ flex: '2 1 220px' }}
            type="url"
            dir="ltr"
            label={t('web.registration.source-url')}
            {...form.getInputProps(`sources.${i}.url`)}
            value={source.url ?? ''}
          />
          <TextInput
            w={110}
            label={t('web.registration.source-page')}
            {...form.getInputProps(`sources.${i}.page`)}
            value={source.page ?? ''}
          />
        </div>
      )}
    </Rows>
  )
}
