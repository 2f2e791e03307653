import { Checkbox, Modal, NativeSelect, NumberInput, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { KINDS, type Kind, ruleQuery, updateRule } from './meetings'
import { changed } from './queries'

/** What the statutes of the association say of notice, quorum and proxies, by kind of meeting. */
export function MeetingRuleDialog({ onClose }: { onClose: () => void }) {
  const { t, word } = useI18n()
  const [kind, setKind] = useState<Kind>('general')
  const { data, error } = useQuery(ruleQuery(kind))
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.meeting.rules')}>
      <div className="stack">
        <p>{t('web.meeting.rules-lead')}</p>
        <NativeSelect
          label={t('web.meeting.kind')}
          value={kind}
          onChange={(e) => setKind(KINDS.find((k) => k === e.currentTarget.value) ?? 'general')}
          data={KINDS.map((value) => ({ value, label: word('meeting.kind.', value) }))}
        />
        <ProblemAlert error={error} />
        {data && <RuleForm key={`${data.kind} ${data.etag}`} rule={data} onClose={onClose} />}
      </div>
    </Modal>
  )
}

const BASES: Schema['MeetingQuorumBase'][] = ['voters', 'roll']

function RuleForm({ rule, onClose }: { rule: Schema['MeetingRule']; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({
    initialValues: {
      noticeDays: rule.noticeDays,
      numerator: rule.quorum.numerator,
      denominator: rule.quorum.denominator,
      more: rule.quorum.more,
      quorumBase: rule.quorumBase,
      proxies: rule.proxies,
      overdueVotes: rule.overdueVotes,
      source: rule.source,
    },
  })
  const run = useMutation({
    mutationFn: ({ numerator, denominator, more, ...rest }: typeof form.values) =>
      updateRule(rule.kind, rule.etag, { ...rest, quorum: { numerator, denominator, more } }),
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
      <NumberInput min={0} max={180} label={t('web.meeting.notice-days')} {...form.getInputProps('noticeDays')} />
      <fieldset className="fieldset stack">
        <legend>{t('web.meeting.quorum')}</legend>
        <div className="row">
          <NumberInput
            w={150}
            min={0}
            max={1000}
            label={t('web.meeting.numerator')}
            {...form.getInputProps('numerator')}
          />
          <NumberInput
            w={150}
            min={1}
            max={1000}
            label={t('web.meeting.denominator')}
            {...form.getInputProps('denominator')}
          />
          <NativeSelect
            label={t('web.meeting.base')}
            data={BASES.map((value) => ({ value, label: word('web.meeting.base.', value) }))}
            {...form.getInputProps('quorumBase')}
          />
        </div>
        <Checkbox label={t('web.meeting.more')} {...form.getInputProps('more', { type: 'checkbox' })} />
      </fieldset>
      <NumberInput min={0} max={100} label={t('web.meeting.proxies')} {...form.getInputProps('proxies')} />
      <Checkbox label={t('web.meeting.overdue-votes')} {...form.getInputProps('overdueVotes', { type: 'checkbox' })} />
      <Textarea
        required
        autosize
        minRows={2}
        maxLength={2000}
        label={t('web.meeting.source')}
        {...form.getInputProps('source')}
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
