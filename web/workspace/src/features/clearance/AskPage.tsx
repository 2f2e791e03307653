import { NativeSelect, NumberInput, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Schema } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Rows } from '../../ui/Rows'
import { aboutQuery, ask, changed } from './queries'

const route = getRouteApi('/house/clearance/new')

/** Asks what stands against a name: that of a registration, of a case, or any. */
export function AskPage() {
  const { t } = useI18n()
  const { registration = '', case: recognitionCase = '' } = route.useSearch()
  const known = registration !== '' || recognitionCase !== ''
  const { data, error, refetch } = useQuery(aboutQuery(registration, recognitionCase))
  return (
    <>
      <PageHead
        title={t('web.clearance.new')}
        lead={t('web.clearance.new-lead')}
        crumb={
          <Link to="/clearance" className="crumb">
            <Back>{t('web.clearance.nav')}</Back>
          </Link>
        }
      />
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {known && !data && !error && <Skeleton h={260} radius={14} />}
      {(!known || data) && <AskForm about={data} registration={registration} recognitionCase={recognitionCase} />}
    </>
  )
}

const CLASSES = ['nice', 'food'] as const
type Values = {
  names: Schema['ClearanceName'][]
  market: string
  scheme: string
  classes: string
  leastScore: number | ''
}

function question(v: Values, registration: string, recognitionCase: string): Schema['ClearanceQuestion'] {
  const codes = v.classes.split(/[\s,;，；、]+/).filter(Boolean)
  return {
    ...(registration && { registrationId: registration }),
    ...(recognitionCase && { caseId: recognitionCase }),
    ...(!registration && !recognitionCase && { names: v.names }),
    ...(v.market && { market: v.market.toUpperCase() }),
    ...(codes.length > 0 && { classes: codes.map((code) => ({ scheme: v.scheme, code })) }),
    ...(v.leastScore !== '' && { leastScore: v.leastScore }),
  }
}

type Props = { about?: { title: string; market: string }; registration: string; recognitionCase: string }

function AskForm({ about, registration, recognitionCase }: Props) {
  const { t, word } = useI18n()
  const navigate = useNavigate()
  const form = useForm<Values>({
    initialValues: {
      names: [{ text: '', language: 'zh-Hans' }],
      market: about?.market ?? '',
      scheme: 'nice',
      classes: '',
      leastScore: '',
    },
  })
  const run = useMutation({
    mutationFn: (v: Values) => ask(question(v, registration, recognitionCase)),
    onSuccess: async ({ id }) => {
      await changed()
      void navigate({ to: '/clearance/$id', params: { id } })
    },
  })
  useRefusalAtFields(form, run.error)
  const field = (path: string) => ({ 'data-path': path, ...form.getInputProps(path) })
  return (
    <Panel title={about ? t('web.clearance.about', { Name: about.title }) : t('web.clearance.question')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        {about ? (
          <p className="soft small">{t('web.clearance.about-why')}</p>
        ) : (
          <Rows
            title={t('web.clearance.names')}
            rows={form.values.names}
            add={() => form.insertListItem('names', { text: '', language: 'en' })}
            remove={(i) => form.removeListItem('names', i)}
          >
            {(_, i) => (
              <div className="row" style={{ alignItems: 'start' }}>
                <TextInput
                  required
                  style={{ flex: '1 1 240px' }}
                  label={t('web.clearance.name')}
                  maxLength={300}
                  dir="auto"
                  {...field(`names.${i}.text`)}
                />
                <TextInput
                  required
                  w={130}
                  label={t('web.case.language')}
                  maxLength={35}
                  {...field(`names.${i}.language`)}
                />
              </div>
            )}
          </Rows>
        )}
        <TextInput
          required
          w={220}
          label={t('web.clearance.market')}
          description={t('web.clearance.market-how')}
          maxLength={2}
          {...field('market')}
        />
        <div className="row" style={{ alignItems: 'start' }}>
          <NativeSelect
            label={t('web.clearance.scheme')}
            data={CLASSES.map((value) => ({ value, label: word('web.clearance.scheme.', value) }))}
            {...field('scheme')}
          />
          <TextInput
            style={{ flex: '1 1 240px' }}
            label={t('web.clearance.classes')}
            description={about ? t('web.clearance.classes-known') : t('web.clearance.classes-how')}
            {...field('classes')}
          />
        </div>
        <NumberInput
          w={220}
          label={t('web.clearance.least')}
          description={t('web.clearance.least-how')}
          min={20}
          max={100}
          {...field('leastScore')}
        />
        <FormButtons submit={t('web.clearance.ask')} busy={run.isPending} />
      </form>
    </Panel>
  )
}
