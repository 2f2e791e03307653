import { Button, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { place, Refusal } from '../../api/problem'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { type Dossier, update } from './queries'

/** The presentation of the product, in the language it is translated from. */
export function ProductText({
  dossier,
  etag,
  onChanged,
  className,
}: {
  dossier: Dossier
  etag: string
  onChanged: () => Promise<void>
  className: string
}) {
  const { t } = useI18n()
  const form = useForm({ initialValues: { product: dossier.product['zh-Hans'] ?? '' } })
  const save = useMutation({
    mutationFn: (v: typeof form.values) =>
      update(dossier.id, etag, { product: { ...dossier.product, 'zh-Hans': v.product } }),
    onSuccess: async () => {
      form.resetDirty()
      done(t('web.saved'))
      await onChanged()
    },
    onError: (e) => e instanceof Refusal && form.setErrors(place(e.problem, (p) => p.startsWith('product')).errors),
  })
  if (!dossier.allowed.includes('update')) return null
  return (
    <div id="product" className={className}>
      <Panel title={t('segment.product')}>
        <form className="stack" onSubmit={form.onSubmit((v) => save.mutate(v))}>
          <ProblemAlert error={save.error} />
          <Textarea
            autosize
            minRows={3}
            lang="zh-Hans"
            label={t('web.dossier.productSource')}
            {...form.getInputProps('product')}
          />
          <Button
            type="submit"
            variant="default"
            disabled={!form.isDirty()}
            loading={save.isPending}
            style={{ justifySelf: 'start' }}
          >
            {t('web.save')}
          </Button>
        </form>
      </Panel>
    </div>
  )
}
