import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Refusal } from '../../api/problem'
import { directionOf, type Texts, useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { TextsField } from '../../ui/Texts'
import { changed, type Dossier, dossierQuery, patch } from './queries'

/** The language in which the product is presented first, and from which it is translated. */
const SOURCE = 'zh-Hans'

/** Languages that were begun and left empty are not sent. */
const withoutEmpty = (texts: Texts) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''))

/** The words that belong to the dossier itself: its title and the presentation of the product. */
export function ProductPanel({ dossier: d }: { dossier: Dossier }) {
  const { t, locale } = useI18n()
  const { data } = useQuery(dossierQuery(d.id, locale))
  const [title, setTitle] = useState<Texts>(d.title)
  const [product, setProduct] = useState(d.product[SOURCE] ?? '')
  const save = useMutation({
    mutationFn: () =>
      patch(d.id, data?.etag ?? '', {
        title: withoutEmpty(title),
        product: withoutEmpty({ ...d.product, [SOURCE]: product }),
      }),
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
    },
    onError: async (e) => {
      if (e instanceof Refusal && e.stale) await changed()
    },
  })
  return (
    <Panel title={t('web.texts.own')}>
      <form
        noValidate
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          save.mutate()
        }}
      >
        <ProblemAlert error={save.error} />
        <TextsField label={t('web.texts.dossier-title')} path="title" errors={{}} value={title} onChange={setTitle} />
        <Textarea
          autosize
          minRows={3}
          lang={SOURCE}
          dir={directionOf(SOURCE)}
          label={t('web.texts.product')}
          value={product}
          onChange={(e) => setProduct(e.currentTarget.value)}
        />
        <div className="row">
          <Button type="submit" loading={save.isPending}>
            {t('web.save')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
