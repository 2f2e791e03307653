import { Checkbox, NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Schema } from '../../api/client'
import { nameIn } from '../../api/published'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Back, Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { attestedQuery, changed, issue, KINDS, type Kind, LANGUAGES, oneOf, RECORDS } from './queries'

const route = getRouteApi('/house/credentials/new')
const ALGORITHMS = ['EdDSA', 'ES256'] as const

/** Issues a certificate of the version of a record that is published. */
export function IssuePage() {
  const { t } = useI18n()
  const search = route.useSearch()
  const kind = oneOf(KINDS, search.kind)
  const recordId = search.record ?? ''
  const { data, error, refetch } = useQuery(attestedQuery(recordId))
  const found = data?.items.find((p) => p.publication.kind === kind)?.publication
  return (
    <>
      <PageHead
        title={t('web.credential.new')}
        lead={t('web.credential.new-lead')}
        crumb={
          <Link to="/credentials" className="crumb">
            <Back>{t('web.credentials.nav')}</Back>
          </Link>
        }
      />
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {recordId && !data && !error && <Skeleton h={260} radius={14} />}
      {(!recordId || (data && !found)) && <Empty title={t('web.credential.nothing')} />}
      {kind && found && <IssueForm kind={kind} publication={found} />}
    </>
  )
}

function IssueForm({ kind, publication: p }: { kind: Kind; publication: Schema['Publication'] }) {
  const { t, word, text, language, instant, number } = useI18n()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { languages: ['zh-Hans', 'en'] as string[], algorithm: 'EdDSA', validUntil: '' },
  })
  const back = () => navigate({ to: RECORDS[kind], params: { id: p.recordId } })
  const run = useMutation({
    mutationFn: ({ languages, algorithm, validUntil }: typeof form.values) =>
      issue({
        kind,
        recordId: p.recordId,
        // The papers come in the order in which the languages stand, not in that of the clicks.
        languages: LANGUAGES.filter((l) => languages.includes(l)),
        algorithm: oneOf(ALGORITHMS, algorithm) ?? 'EdDSA',
        ...(validUntil && { validUntil: new Date(`${validUntil}T23:59:59Z`).toISOString() }),
      }),
    onSuccess: async ({ id }) => {
      await changed()
      await navigate({ to: '/credentials/$id', params: { id } })
    },
    onError: atFields(form),
  })
  return (
    <Panel title={t('web.credential.attests', { Name: nameIn(p.content, text) || p.recordId })}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p className="row">
          <Tag tone="info">{word('publication.kind.', kind)}</Tag>
          <span className="soft">
            {t('web.credential.version', { Number: number(p.version), When: instant(p.publishedAt) })}
          </span>
        </p>
        <p className="soft small">{t('web.credential.ends-with')}</p>
        <Checkbox.Group
          label={t('web.credential.languages')}
          description={t('web.credential.languages-how')}
          {...form.getInputProps('languages')}
        >
          <div className="row" style={{ marginBlockStart: 6 }}>
            {LANGUAGES.map((l) => (
              <Checkbox key={l} value={l} label={language(l)} />
            ))}
          </div>
        </Checkbox.Group>
        <TextInput
          type="date"
          w={220}
          label={t('web.credential.until')}
          description={t('web.credential.until-how')}
          {...form.getInputProps('validUntil')}
        />
        <NativeSelect
          maw={420}
          label={t('web.credential.algorithm')}
          description={t('web.credential.algorithm-how')}
          data={ALGORITHMS.map((value) => ({ value, label: word('web.credential.algorithm.', value) }))}
          {...form.getInputProps('algorithm')}
        />
        <FormButtons
          submit={t('web.credential.issue')}
          busy={run.isPending}
          disabled={form.values.languages.length === 0}
          onCancel={() => void back()}
        />
      </form>
    </Panel>
  )
}
