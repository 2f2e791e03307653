import { Modal, NativeSelect, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { answer, type Objection } from './applications'
import { changed } from './calls'

const ANSWERS: Schema['PromotionAnswered'][] = ['dismissed', 'upheld']

/** Answers an objection; where it is upheld, the application is decided on anew. */
export function AnswerDialog({ of: o, onClose }: { of: Objection; onClose: () => void }) {
  const { t, word } = useI18n()
  const form = useForm({
    initialValues: { status: 'dismissed' as Schema['PromotionAnswered'], answer: '' },
    validate: { answer: (v) => (v.trim() ? null : t('web.members.needed')) },
  })
  const run = useMutation({
    mutationFn: (v: typeof form.values) => answer(o, v),
    onSuccess: async () => {
      await changed()
      onClose()
    },
    onError: atFields(form),
  })
  return (
    <Modal opened onClose={onClose} title={t('web.promotion.answer')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <p className="quote" dir="auto">
          {o.text}
        </p>
        <NativeSelect
          label={t('web.promotion.outcome')}
          data={ANSWERS.map((value) => ({ value, label: word('promotion-objection.status.', value) }))}
          {...form.getInputProps('status')}
        />
        <Textarea
          data-autofocus
          required
          autosize
          minRows={2}
          maxLength={20_000}
          label={t('web.promotion.answer')}
          {...form.getInputProps('answer')}
        />
        <FormButtons submit={t('web.promotion.answer')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
