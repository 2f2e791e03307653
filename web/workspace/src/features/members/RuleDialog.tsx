import { Modal, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { changed, ruleQuery, updateRule } from './queries'

/** What the association says of its members as a whole: why and how long data are kept, and whose protected area counts. */
export function RuleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery(ruleQuery)
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.members.rule')}>
      <ProblemAlert error={error} />
      {data && <RuleForm key={data.etag} rule={data} onClose={onClose} />}
    </Modal>
  )
}

function RuleForm({ rule, onClose }: { rule: Schema['MemberRule']; onClose: () => void }) {
  const { t } = useI18n()
  const form = useForm({
    initialValues: {
      purpose: rule.purpose,
      retentionYears: rule.retentionYears,
      publisher: rule.publisher ?? '',
      registrationId: rule.registrationId ?? '',
      licenceDays: rule.licenceDays.join(', '),
    },
  })
  const run = useMutation({
    mutationFn: ({ publisher, registrationId, licenceDays, ...rest }: typeof form.values) =>
      updateRule(rule.etag, {
        ...rest,
        licenceDays: licenceDays
          .split(/[,，、\s]+/)
          .filter(Boolean)
          .map(Number),
        ...(publisher && { publisher }),
        ...(registrationId && { registrationId }),
      }),
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <Textarea
        autosize
        minRows={2}
        maxLength={1000}
        label={t('web.members.rule-purpose')}
        {...form.getInputProps('purpose')}
      />
      <NumberInput
        w={260}
        min={1}
        max={30}
        label={t('web.members.rule-years')}
        {...form.getInputProps('retentionYears')}
      />
      <TextInput
        maxLength={40}
        label={t('web.members.rule-licence-days')}
        description={t('web.members.rule-licence-days-how')}
        {...form.getInputProps('licenceDays')}
      />
      <TextInput maxLength={50} label={t('web.members.rule-publisher')} {...form.getInputProps('publisher')} />
      <TextInput
        maxLength={36}
        label={t('web.members.rule-registration')}
        description={t('web.members.rule-registration-how')}
        {...form.getInputProps('registrationId')}
      />
      <FormButtons
        submit={t('web.save')}
        onCancel={onClose}
        busy={run.isPending}
        disabled={!rule.allowed.includes('update')}
      />
    </form>
  )
}
