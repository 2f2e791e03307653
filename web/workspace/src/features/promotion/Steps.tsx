import { Alert, Input, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { CreditCodeField } from '../../ui/CreditCodeField'
import { LOCALES, ownName, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { Rows } from '../../ui/Rows'
import type { Application } from './applications'
import { CostFields } from './CostFields'
import type { Call } from './calls'
import { costOf, type FormValues, STEPS, type Step } from './form'
import { KnownDossiers, KnownNote } from './KnownNote'
import { PapersStep } from './PapersStep'
import { Reckoned } from './Reckoned'

type Form = UseFormReturnType<FormValues>
type Props = {
  form: Form
  step: Step
  onStep: (step: Step) => void
  application: Application
  call: Call
}

/** The steps of a form. All are there at once, so that what is wrong finds its field; one is shown. */
export function Steps({ form, step, onStep, application, call }: Props) {
  const { t, word, number } = useI18n()
  return (
    <>
      <nav aria-label={t('web.promotion.steps')}>
        <ol className="steps">
          {STEPS.map((s, i) => (
            <li key={s}>
              <button type="button" aria-current={s === step ? 'step' : undefined} onClick={() => onStep(s)}>
                <span className="nums">{number(i + 1)}</span> {word('web.promotion.step.', s)}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <Asked of={application} />
      <div hidden={step !== 'applicant'}>
        <ApplicantStep form={form} application={application} />
      </div>
      <div hidden={step !== 'plan'}>
        <PlanStep form={form} />
      </div>
      <div hidden={step !== 'costs'}>
        <CostsStep form={form} application={application} call={call} />
      </div>
      <div hidden={step !== 'papers'}>
        <div className="stack">
          <PapersStep form={form} call={call} />
          <KnownDossiers of={application} />
        </div>
      </div>
      <div hidden={step !== 'check'}>
        <Panel title={t('web.promotion.step.check')}>
          <div className="stack">
            <Reckoned of={application} call={call} />
            <p>{t('web.promotion.submit-note')}</p>
          </div>
        </Panel>
      </div>
    </>
  )
}

/** What the keeper wants to have completed, and until when. */
export function Asked({ of: a }: { of: Application }) {
  const { t, instant } = useI18n()
  if (a.status !== 'returned' || !a.asked) return null
  return (
    <Alert
      color="yellow"
      variant="light"
      title={t('web.promotion.asked', { When: a.completeUntil ? instant(a.completeUntil) : '' })}
      styles={{ message: { color: 'var(--ink-900)' } }}
    >
      <ul>
        {a.asked.map((item) => (
          <li key={item} dir="auto">
            {item}
          </li>
        ))}
      </ul>
    </Alert>
  )
}

function ApplicantStep({ form, application }: Pick<Props, 'form' | 'application'>) {
  const { t } = useI18n()
  return (
    <Panel title={t('web.promotion.step.applicant')}>
      <div className="stack">
        <KnownNote form={form} of={application} />
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput
            required
            style={{ flex: '1 1 260px' }}
            maxLength={500}
            dir="auto"
            label={t('web.promotion.producer')}
            {...form.getInputProps('name')}
          />
          <CreditCodeField
            required
            label={t('web.members.credit-code')}
            description={t('web.promotion.credit-code-how')}
            {...form.getInputProps('creditCode')}
          />
        </div>
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput required maxLength={200} label={t('web.promotion.contact')} {...form.getInputProps('contact')} />
          <TextInput
            required
            type="email"
            dir="ltr"
            maxLength={200}
            label={t('web.members.email')}
            {...form.getInputProps('email')}
          />
          <TextInput
            type="tel"
            dir="ltr"
            maxLength={50}
            label={t('web.members.phone')}
            {...form.getInputProps('phone')}
          />
        </div>
        <NativeSelect
          w={240}
          label={t('web.members.language')}
          data={[{ value: '', label: '' }, ...LOCALES.map((value) => ({ value, label: ownName(value) }))]}
          {...form.getInputProps('language')}
        />
      </div>
    </Panel>
  )
}

function PlanStep({ form }: { form: Form }) {
  const { t } = useI18n()
  return (
    <Panel title={t('web.promotion.step.plan')}>
      <div className="stack">
        <Textarea
          required
          autosize
          minRows={6}
          maxLength={20_000}
          dir="auto"
          label={t('web.promotion.plan')}
          description={t('web.promotion.plan-how')}
          {...form.getInputProps('plan')}
        />
        <Textarea
          autosize
          minRows={2}
          dir="auto"
          label={t('web.promotion.team')}
          description={t('web.promotion.team-how')}
          {...form.getInputProps('team')}
        />
      </div>
    </Panel>
  )
}

function CostsStep({ form, application, call }: Pick<Props, 'form' | 'application' | 'call'>) {
  const { t } = useI18n()
  return (
    <Panel title={t('web.promotion.step.costs')}>
      <div className="stack" data-path="costs" tabIndex={-1}>
        {form.errors.costs && <Input.Error>{form.errors.costs}</Input.Error>}
        <Rows
          title={t('web.promotion.costs')}
          rows={form.values.costs}
          add={() => form.insertListItem('costs', costOf(call.currency))}
          remove={(i) => form.removeListItem('costs', i)}
        >
          {(cost, i) => (
            <CostFields
              call={call}
              currency={cost.currency}
              field={(name) => form.getInputProps(`costs.${i}.${name}`)}
            />
          )}
        </Rows>
        <Reckoned of={application} call={call} />
      </div>
    </Panel>
  )
}
