import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { directionOf, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import {
  certifyTranslation,
  type Dossier,
  reviewTranslation,
  type Segment,
  segmentsQuery,
  type Translation,
  translate,
} from './queries'

const TONES: Record<string, Tone> = {
  missing: 'bad',
  machine: 'warn',
  drafted: 'warn',
  reviewed: 'ok',
  certified: 'ok',
}

/** Source and translation side by side, one language at a time. */
export function Segments({
  dossier,
  onChanged,
  className,
}: {
  dossier: Dossier
  onChanged: () => Promise<void>
  className: string
}) {
  const { t, language } = useI18n()
  const { data, error } = useQuery(segmentsQuery(dossier.id))
  const languages = dossier.languages.filter((l) => l !== 'zh-Hans')
  const [chosen, setChosen] = useState(languages[0] ?? 'en')
  return (
    <div id="segments" className={className}>
      <Panel
        title={t('web.dossier.translations')}
        aside={
          <fieldset className="row bare" aria-label={t('web.registration.language')}>
            {languages.map((l) => (
              <Button
                key={l}
                size="compact-md"
                variant={l === chosen ? 'light' : 'subtle'}
                aria-pressed={l === chosen}
                onClick={() => setChosen(l)}
              >
                {language(l)}
              </Button>
            ))}
          </fieldset>
        }
      >
        <ProblemAlert error={error} />
        {(data?.items ?? []).map((s) => {
          const translation = s.translations.find((x) => x.language === chosen)
          return (
            translation && (
              <Row
                key={s.key + chosen}
                dossier={dossier.id}
                segment={s}
                translation={translation}
                onChanged={onChanged}
              />
            )
          )
        })}
      </Panel>
    </div>
  )
}

function Row({
  dossier,
  segment,
  translation,
  onChanged,
}: {
  dossier: string
  segment: Segment
  translation: Translation
  onChanged: () => Promise<void>
}) {
  const { t, word } = useI18n()
  const refused = useRefused()
  const [text, setText] = useState(translation.text)
  const change = (work: () => Promise<unknown>) => ({ mutationFn: work, onSuccess: onChanged, onError: refused })
  const write = useMutation(change(() => translate(dossier, segment.key, translation.language, text)))
  const review = useMutation(change(() => reviewTranslation(dossier, segment.key, translation.language)))
  const certify = useMutation(change(() => certifyTranslation(dossier, segment.key, translation.language)))
  const may = (a: string) => translation.allowed?.includes(a)
  return (
    <section
      className="grid"
      style={{ paddingBlock: 14, borderBlockStart: '1px solid var(--ink-100)' }}
      aria-label={segment.title}
    >
      <div className="half">
        <p className="soft">{segment.title}</p>
        <p lang={segment.sourceLanguage} style={{ whiteSpace: 'pre-line' }}>
          {segment.source}
        </p>
      </div>
      <div className="half stack">
        <p>
          <Tag tone={translation.stale ? 'bad' : TONES[translation.state]}>
            {translation.stale ? t('web.dossier.stale') : word('translation.state.', translation.state)}
          </Tag>{' '}
          <span className="soft">{translation.certifiedBy ?? translation.reviewedBy ?? translation.translatedBy}</span>
        </p>
        {may('translate') ? (
          <Textarea
            autosize
            minRows={2}
            aria-label={`${segment.title} ${translation.language}`}
            lang={translation.language}
            dir={directionOf(translation.language)}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
        ) : (
          <p lang={translation.language} dir={directionOf(translation.language)} style={{ whiteSpace: 'pre-line' }}>
            {translation.text}
          </p>
        )}
        <span className="row">
          {may('translate') && (text !== translation.text || translation.stale) && text.trim() && (
            <Button size="compact-sm" loading={write.isPending} onClick={() => write.mutate()}>
              {t('web.save')}
            </Button>
          )}
          {may('review') && text === translation.text && (
            <Button size="compact-sm" variant="default" loading={review.isPending} onClick={() => review.mutate()}>
              {t('web.dossier.confirm')}
            </Button>
          )}
          {may('certify') && text === translation.text && (
            <Button size="compact-sm" variant="default" loading={certify.isPending} onClick={() => certify.mutate()}>
              {t('web.dossier.certify')}
            </Button>
          )}
        </span>
      </div>
    </section>
  )
}
