import { Modal, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Schema } from '../../api/client'
import { atFields } from '../../ui/atFields'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { ListFields } from './ListFields'
import { addMark, KINDS, listsQuery, MARK_STATUSES, type Mark, type MarkKind, marksChanged } from './queries'

type Values = Required<Omit<Schema['EarlierMarkInput'], 'classes'>> & { classes: string }

function input({ classes, ...v }: Values): Schema['EarlierMarkInput'] {
  const codes = classes.split(/[\s,;，；、]+/).filter(Boolean)
  return {
    list: v.list,
    source: v.source,
    takenOn: v.takenOn,
    kind: v.kind,
    sign: v.sign,
    status: v.status,
    ...(v.transcription && { transcription: v.transcription }),
    ...(v.translation && { translation: v.translation }),
    ...(v.office && { office: v.office.toUpperCase() }),
    ...(v.number && { number: v.number }),
    ...(v.holder && { holder: v.holder }),
    ...(v.priorityOn && { priorityOn: v.priorityOn }),
    ...(codes.length > 0 && { classes: codes.map((code) => ({ scheme: 'nice', code })) }),
  }
}

/** One mark or generic term, entered by hand with its source. */
export function MarkDialog({ onClose }: { onClose: () => void }) {
  const { t, word } = useI18n()
  const { data: lists = [] } = useQuery(listsQuery)
  const form = useForm<Values>({
    initialValues: {
      list: '',
      source: '',
      takenOn: today(),
      kind: 'trade-mark' as MarkKind,
      sign: '',
      transcription: '',
      translation: '',
      office: '',
      number: '',
      holder: '',
      priorityOn: '',
      status: 'unknown' as Mark['status'],
      classes: '',
    },
  })
  const run = useMutation({
    mutationFn: (v: Values) => addMark(input(v)),
    onSuccess: async () => {
      await marksChanged()
      onClose()
    },
    onError: atFields(form),
  })
  const field = (name: keyof Values) => form.getInputProps(name)
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.marks.add')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <NativeSelect
          label={t('web.marks.kind')}
          data={KINDS.map((value) => ({ value, label: word('clearance.right.', value) }))}
          {...field('kind')}
        />
        <TextInput required label={t('web.marks.sign')} maxLength={300} dir="auto" {...field('sign')} />
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput label={t('web.marks.transcription')} maxLength={300} dir="auto" {...field('transcription')} />
          <TextInput label={t('web.marks.translation')} maxLength={300} dir="auto" {...field('translation')} />
        </div>
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput label={t('web.marks.number')} maxLength={100} {...field('number')} />
          <TextInput label={t('web.marks.holder')} maxLength={300} dir="auto" {...field('holder')} />
          <TextInput w={150} label={t('web.marks.office')} maxLength={2} {...field('office')} />
        </div>
        <div className="row" style={{ alignItems: 'start' }}>
          <TextInput label={t('web.marks.classes')} {...field('classes')} />
          <TextInput type="date" label={t('web.marks.priority')} {...field('priorityOn')} />
          <NativeSelect
            label={t('web.marks.status')}
            data={MARK_STATUSES.map((value) => ({ value, label: word('earlier-mark.status.', value) }))}
            {...field('status')}
          />
        </div>
        <ListFields lists={lists} field={field} />
        <FormButtons submit={t('web.marks.add')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
