import { Alert, Button, Skeleton } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedCallback } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { pathOf, Refusal } from '../../api/problem'
import { useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import { draftKey, dropDraft, keepDraft, readDraft } from '../../ui/draft'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Application, applicationQuery, fill, submit } from './applications'
import { type Call, callQuery, changed } from './calls'
import { EligibilityPanel } from './EligibilityPanel'
import { type FormValues, formInput, formValues, STEPS, type Step, stepOf } from './form'
import { Saved } from './Saved'
import { Steps } from './Steps'

const route = getRouteApi('/house/promotion-applications/$id/edit')

/** The form of an application, in steps. It is saved as it is filled; without a line it is kept on the device. */
export function FormPage() {
  const { id } = route.useParams()
  // What is being filled in must not change under the hands of who fills it in.
  const frozen = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 }
  const { data, error, refetch } = useQuery({
    ...applicationQuery(id),
    queryKey: ['promotion-form', id],
    ...frozen,
  })
  const call = useQuery({ ...callQuery(data?.programmeId ?? ''), enabled: data !== undefined })
  const failed = error ?? call.error
  if (failed) return <ProblemAlert error={failed} retry={() => void refetch()} />
  if (!data || !call.data) return <Skeleton h={500} radius={14} />
  return <Opened key={data.etag} opened={data} call={call.data.call} onTakeTheirs={() => void refetch()} />
}

const PAUSE = 1_500

/** Saves over the version that the server has, one save after the other; what it has not yet is kept on the device. */
function useSaving(opened: Application) {
  const key = draftKey(useSession(), opened.id)
  const [saved, setSaved] = useState(opened)
  const last = useRef(opened) // for saves that wait for one another
  const latest = useRef<FormValues>(undefined)
  const run = useMutation({
    scope: { id: key },
    networkMode: 'always', // without a line it fails at once, which is said
    mutationFn: async (values: FormValues) => {
      last.current = await fill(last.current, formInput(values, opened.currency))
      return last.current
    },
    onSuccess: async (a, values) => {
      setSaved(a)
      if (latest.current === values) dropDraft(key)
      else if (latest.current) keepDraft(key, { values: latest.current, etag: a.etag })
    },
  })
  const now = () => (latest.current ? run.mutateAsync(latest.current) : Promise.resolve(last.current))
  const later = useDebouncedCallback(() => void now().catch(() => {}), PAUSE)
  const keep = (values: FormValues) => {
    latest.current = values
    keepDraft(key, { values, etag: last.current.etag })
    later()
  }
  return { key, saved, error: run.error, saving: run.isPending, keep, now, current: () => last.current }
}

type OpenedProps = { opened: Application; call: Call; onTakeTheirs: () => void }

function Opened({ opened, call, onTakeTheirs }: OpenedProps) {
  const { t, text } = useI18n()
  const navigate = useNavigate()
  const saving = useSaving(opened)
  const [kept] = useState(() => readDraft<FormValues>(saving.key))
  const [step, setStep] = useState<Step>('applicant')
  const form = useForm<FormValues>({
    initialValues: kept?.values ?? formValues(opened),
    onValuesChange: saving.keep,
  })
  const handIn = useMutation({
    mutationFn: async () => {
      await saving.now()
      return submit(saving.current())
    },
    onSuccess: async (a) => {
      await changed()
      done(t('web.promotion.submitted', { Number: a.number ?? '' }))
      await navigate({ to: '/promotion-applications/$id', params: { id: a.id } })
    },
    onError: (e) => {
      const first = e instanceof Refusal && e.problem?.details?.[0]
      if (first) setStep(stepOf(pathOf(first.pointer)))
    },
  })
  const error = handIn.error ?? saving.error
  useRefusalAtFields(form, error)
  const sendAgain = useRef(saving.now)
  sendAgain.current = saving.now
  // What was kept without a line goes out when there is one again, and what was kept on another day when the form is opened.
  useEffect(() => {
    const send = () => void sendAgain.current().catch(() => {})
    window.addEventListener('online', send)
    return () => window.removeEventListener('online', send)
  }, [])
  const title = text(opened.titles)
  const next = STEPS[STEPS.indexOf(step) + 1]
  return (
    <>
      <PageHead
        title={title}
        crumb={
          <Link to="/promotion-applications/$id" params={{ id: opened.id }} className="crumb">
            <Back>{t('web.promotion.application')}</Back>
          </Link>
        }
        lead={<Saved saved={saving.saved} saving={saving.saving} error={saving.error} />}
      />
      <div className="grid">
        <form
          noValidate
          className="stack w8"
          onSubmit={(e) => {
            e.preventDefault()
            handIn.mutate()
          }}
        >
          <Earlier
            kept={kept !== undefined && kept.etag !== opened.etag}
            stale={error instanceof Refusal && error.stale}
            onTakeTheirs={() => {
              dropDraft(saving.key)
              onTakeTheirs()
            }}
          />
          <ProblemAlert error={unreachable(error) ? null : error} placed={Object.keys(form.errors)} />
          <Steps form={form} step={step} onStep={setStep} application={saving.saved} call={call} />
          <div className="row" style={{ justifyContent: 'end' }}>
            {next ? (
              <Button type="button" onClick={() => setStep(next)}>
                {t('web.promotion.next')}
              </Button>
            ) : (
              <Button type="submit" loading={handIn.isPending}>
                {t('promotion-application.act.submit')}
              </Button>
            )}
          </div>
        </form>
        <div className="stack w4">
          <EligibilityPanel of={saving.saved} />
        </div>
      </div>
    </>
  )
}

const unreachable = (e: unknown) => e instanceof Refusal && e.status === 0

type EarlierProps = { kept: boolean; stale: boolean; onTakeTheirs: () => void }

/** Somebody else of the house changed the form meanwhile: what is here stays until it is given up. */
function Earlier({ kept, stale, onTakeTheirs }: EarlierProps) {
  const { t } = useI18n()
  if (!kept && !stale) return null
  return (
    <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--ink-900)' } }}>
      <p>{t(stale ? 'web.conflict.detail' : 'web.promotion.kept-earlier')}</p>
      <Button size="compact-sm" variant="default" mt="xs" onClick={onTakeTheirs}>
        {t('web.conflict.theirs')}
      </Button>
    </Alert>
  )
}
