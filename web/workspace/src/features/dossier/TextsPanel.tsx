import { Button, NativeSelect, Skeleton, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { directionOf, useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { ProductPanel } from './ProductPanel'
import {
  certifyTranslation,
  changed,
  type Dossier,
  reviewTranslation,
  type Segment,
  segmentsQuery,
  TRANSLATION,
  type Translation,
  writeTranslation,
} from './queries'

const route = getRouteApi('/house/dossiers/$id')

/** The dossier's texts and their translations, side by side. */
export function TextsPanel({ dossier: d }: { dossier: Dossier }) {
  const { t, locale, language, number } = useI18n()
  const { data, error } = useQuery(segmentsQuery(d.id))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const segments = data?.items ?? []
  const languages = [...new Set(segments.flatMap((s) => s.translations.map((x) => x.language)))]
  const into = [search.language, locale].find((l) => l && languages.includes(l)) ?? languages[0]
  const finished = (l: string) =>
    segments.filter((s) =>
      s.translations.some((x) => x.language === l && !x.stale && (x.state === 'reviewed' || x.state === 'certified')),
    ).length
  return (
    <div className="stack">
      {d.allowed.includes('update') && <ProductPanel dossier={d} />}
      <Panel
        title={t('web.texts.title')}
        aside={
          languages.length > 0 && (
            <NativeSelect
              aria-label={t('web.texts.into')}
              value={into}
              onChange={(e) => {
                const chosen = e.currentTarget.value
                void navigate({ search: (s) => ({ ...s, language: chosen }), replace: true })
              }}
              data={languages.map((value) => ({
                value,
                label: `${language(value)} (${number(finished(value))}/${number(segments.length)})`,
              }))}
            />
          )
        }
      >
        <ProblemAlert error={error} />
        {!data && !error && <Skeleton h={240} />}
        {data && segments.length === 0 && <Empty title={t('web.texts.empty')} />}
        {into && segments.map((s) => <Pair key={`${s.key} ${into}`} dossierId={d.id} segment={s} language={into} />)}
      </Panel>
    </div>
  )
}

type PairProps = { dossierId: string; segment: Segment; language: string }

function Pair({ dossierId, segment: s, language: into }: PairProps) {
  const { language } = useI18n()
  const translation = s.translations.find((x) => x.language === into)
  return (
    <section className="pair" aria-label={s.title}>
      <div className="stack tight">
        <h3>{s.title}</h3>
        <p className="soft small">{language(s.sourceLanguage)}</p>
        <p className="prewrap" lang={s.sourceLanguage} dir={directionOf(s.sourceLanguage)}>
          {s.source}
        </p>
      </div>
      {translation && <Translated key={translation.text} dossierId={dossierId} segment={s} translation={translation} />}
    </section>
  )
}

type TranslatedProps = { dossierId: string; segment: Segment; translation: Translation }

function Translated({ dossierId, segment, translation: x }: TranslatedProps) {
  const { t, word, language } = useI18n()
  const [text, setText] = useState(x.text)
  const by = [x.translatedBy, x.reviewedBy, x.certifiedBy].filter(Boolean).join(' → ')
  const writable = x.allowed?.includes('translate')
  return (
    <div className="stack tight">
      <div className="row">
        <Tag tone={TRANSLATION[x.state]}>{word('translation.state.', x.state)}</Tag>
        {x.stale && <Tag tone="bad">{t('web.texts.stale')}</Tag>}
        {by && (
          <span className="soft small">
            <bdi>{by}</bdi>
          </span>
        )}
      </div>
      {writable ? (
        <Textarea
          autosize
          minRows={3}
          maxRows={20}
          lang={x.language}
          dir={directionOf(x.language)}
          aria-label={`${segment.title}: ${language(x.language)}`}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
      ) : (
        <p className="prewrap" lang={x.language} dir={directionOf(x.language)}>
          {x.text || '—'}
        </p>
      )}
      <TranslationActs dossierId={dossierId} segment={segment} translation={x} text={text} />
    </div>
  )
}

/** What may be done with a translation now; a text that is not saved can only be saved. */
function TranslationActs({ dossierId, segment, translation: x, text }: TranslatedProps & { text: string }) {
  const { t } = useI18n()
  const place = { id: dossierId, segment: segment.key, language: x.language }
  const allowed = x.allowed ?? []
  const run = useMutation({
    mutationFn: (act: 'translate' | 'review' | 'certify') =>
      act === 'translate'
        ? writeTranslation(place, text)
        : act === 'review'
          ? reviewTranslation(place)
          : certifyTranslation(place),
    onSuccess: async () => {
      await changed()
      done(t('web.saved'))
    },
  })
  return (
    <>
      <ProblemAlert error={run.error} />
      <div className="row">
        {allowed.includes('translate') && (
          <Button size="compact-sm" disabled={text === x.text || run.isPending} onClick={() => run.mutate('translate')}>
            {t('web.save')}
          </Button>
        )}
        {allowed.includes('review') && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={text !== x.text || run.isPending}
            onClick={() => run.mutate('review')}
          >
            {t('web.texts.review')}
          </Button>
        )}
        {allowed.includes('certify') && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={text !== x.text || run.isPending}
            onClick={() => run.mutate('certify')}
          >
            {t('web.texts.certify')}
          </Button>
        )}
      </div>
    </>
  )
}
