import { Button, NativeSelect, NumberInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { may, useSession } from '../../api/session'
import { useTask } from '../../api/task'
import { useRefusalAtFields } from '../../ui/atFields'
import { useI18n } from '../../ui/i18n'
import { LinkButton } from '../../ui/LinkButton'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { TaskProgress } from '../../ui/TaskProgress'
import { choicesQuery, compose, FORMS, type Image } from './images'
import type { Authorisation } from './queries'

/** The official image with the credit code of a user who may use the mark, ready for print. */
export function ArtworkPanel({ authorisation: a }: { authorisation: Authorisation }) {
  const { t } = useI18n()
  const session = useSession()
  const shown = a.allowed.includes('compose') && may(session, 'mark-image:read')
  const { data, error } = useQuery({ ...choicesQuery, enabled: shown })
  if (!shown) return null
  const [first] = data?.items ?? []
  return (
    <Panel title={t('web.artwork.title')}>
      <div className="stack">
        <ProblemAlert error={error} />
        <p className="soft small">{t('web.artwork.lead')}</p>
        {data && !first && <p>{t('web.artwork.none')}</p>}
        {data && first && <ArtworkForm id={a.id} images={data.items} first={first} />}
      </div>
    </Panel>
  )
}

type Props = { id: string; images: Image[]; first: Image }

function ArtworkForm({ id, images, first }: Props) {
  const { t, number } = useI18n()
  const wishOf = (i: Image) => ({ imageId: i.id, widthMm: i.leastMm as number | string, colour: i.colours[0] ?? '' })
  const form = useForm({ initialValues: { ...wishOf(first), form: 'pdf' as (typeof FORMS)[number] } })
  const image = images.find((i) => i.id === form.values.imageId) ?? first
  const run = useMutation({
    mutationFn: ({ widthMm, ...said }: typeof form.values) => compose(id, { ...said, widthMm: Number(widthMm) }),
  })
  useRefusalAtFields(form, run.error)
  const task = useTask(run.data?.taskId ?? '')
  return (
    <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
      <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
      <NativeSelect
        label={t('web.artwork.image')}
        description={image.source}
        data={images.map((i) => ({ value: i.id, label: i.name }))}
        {...form.getInputProps('imageId')}
        onChange={(e) => {
          const chosen = images.find((i) => i.id === e.currentTarget.value)
          if (chosen) form.setValues(wishOf(chosen))
        }}
      />
      <div className="row" style={{ alignItems: 'start' }}>
        <NumberInput
          w={150}
          decimalScale={1}
          label={t('web.artwork.width')}
          description={t('web.artwork.width-how', { Least: number(image.leastMm) })}
          {...form.getInputProps('widthMm')}
        />
        <NativeSelect
          w={130}
          label={t('web.artwork.colour')}
          description={'\u00a0'}
          data={image.colours}
          {...form.getInputProps('colour')}
        />
        <NativeSelect
          w={100}
          label={t('web.artwork.form')}
          description={'\u00a0'}
          data={FORMS.map((value) => ({ value, label: value.toUpperCase() }))}
          {...form.getInputProps('form')}
        />
      </div>
      <div className="row">
        <Button type="submit" variant="default" loading={run.isPending}>
          {t('web.artwork.make')}
        </Button>
        {run.data && task?.status === 'succeeded' && (
          <LinkButton to="/documents/$id" params={{ id: run.data.documentId }}>
            {t('web.artwork.take')}
          </LinkButton>
        )}
      </div>
      {task && task.status !== 'succeeded' && <TaskProgress task={task} />}
    </form>
  )
}
