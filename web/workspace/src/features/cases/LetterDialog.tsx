import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { directionOf, useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { oneOf } from '../../ui/oneOf'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { discard, headQuery, issue, type Letter, type LetterText, save, TRANSLATIONS } from './letters'
import { changed } from './queries'

type Props = { id: string; of: Letter; onClose: () => void }

/** A letter, its languages side by side. A draft can be written; what was issued is only read. */
export function LetterDialog({ id, of, onClose }: Props) {
  const { t, word, text } = useI18n()
  // The version that was read, or that we wrote last: who else writes meanwhile is not overwritten, and what is typed stays.
  const [l, setL] = useState(of)
  const session = useSession()
  const head = useQuery({ ...headQuery, enabled: may(session, 'letterhead:read') })
  const second = l.languages[1]
  const [v, setV] = useState<LetterText>({
    languages: l.languages,
    texts: l.texts,
    ...(second && { translations: { [second]: l.translations?.[second] ?? 'drafted' } }), // what is shown is what is sent
    ...(l.signatory && { signatory: l.signatory }),
    ...(l.answers && { answers: l.answers }),
  })
  const writable = l.allowed.includes('draft')
  const finish = async () => {
    await changed()
    onClose()
  }
  const again = () => void changed() // whoever opens it anew sees what it is by then
  const keep = useMutation({
    mutationFn: () => save(id, l, v),
    onSuccess: async (saved) => {
      setL(saved)
      await changed()
    },
    onError: again,
  })
  const send = useMutation({
    mutationFn: async () => {
      const saved = await save(id, l, v)
      setL(saved) // kept, even if it cannot be issued
      return issue(id, saved)
    },
    onSuccess: async (issued) => {
      done(issued.number ?? '')
      await finish()
    },
    onError: again,
  })
  const drop = useMutation({ mutationFn: () => discard(id, l), onSuccess: finish, onError: again })
  const busy = keep.isPending || send.isPending || drop.isPending
  return (
    <Modal opened size="xl" onClose={onClose} title={l.number ?? word('letter.status.', l.status)}>
      <div className="stack">
        <ProblemAlert error={keep.error ?? send.error ?? drop.error} />
        <div className="grid">
          {v.languages.map((lang) => (
            <Column
              key={lang}
              lang={lang}
              wide={!second}
              writable={writable}
              of={v.texts[lang]}
              onChange={(one) => setV({ ...v, texts: { ...v.texts, [lang]: one } })}
            />
          ))}
        </div>
        {second && (
          <NativeSelect
            label={t('web.letter.translation')}
            disabled={!writable}
            value={v.translations?.[second]}
            onChange={(e) =>
              setV({ ...v, translations: { [second]: oneOf(TRANSLATIONS, e.currentTarget.value) ?? 'drafted' } })
            }
            data={TRANSLATIONS.map((value) => ({ value, label: word('letter.translation.', value) }))}
          />
        )}
        {writable && (
          <>
            <NativeSelect
              label={t('web.letter.signatory')}
              value={v.signatory ?? ''}
              onChange={(e) => setV({ ...v, signatory: e.currentTarget.value || undefined })}
              data={[
                { value: '', label: '—' },
                ...(head.data?.signatories ?? []).map((s) => ({
                  value: s.role,
                  label: [text(s.names), text(s.titles)].filter(Boolean).join(' · '),
                })),
              ]}
            />
            <TextInput
              label={t('web.letter.answers')}
              value={v.answers ?? ''}
              onChange={(e) => setV({ ...v, answers: e.currentTarget.value || undefined })}
            />
            <p className="soft small">{t('web.letter.issue-why')}</p>
            <div className="row" style={{ justifyContent: 'end' }}>
              <Button variant="default" disabled={busy} loading={drop.isPending} onClick={() => drop.mutate()}>
                {t('web.letter.discard')}
              </Button>
              <Button variant="default" disabled={busy} loading={keep.isPending} onClick={() => keep.mutate()}>
                {t('web.letter.save')}
              </Button>
              {l.allowed.includes('issue') && (
                <Button disabled={busy} loading={send.isPending} onClick={() => send.mutate()}>
                  {t('web.letter.issue')}
                </Button>
              )}
            </div>
          </>
        )}
      </div>
    </Modal>
  )
}

type Text = LetterText['texts'][string]
type ColumnProps = { lang: string; wide: boolean; writable: boolean; of?: Text; onChange: (t: Text) => void }

function Column({ lang, wide, writable, of, onChange }: ColumnProps) {
  const { t, language } = useI18n()
  const text = of ?? { to: '', subject: '', body: '' }
  const same = { lang, dir: directionOf(lang), readOnly: !writable }
  return (
    <fieldset className={`fieldset stack tight ${wide ? 'w12' : 'w6'}`}>
      <legend>{language(lang)}</legend>
      <TextInput
        {...same}
        label={t('web.letter.to')}
        value={text.to}
        onChange={(e) => onChange({ ...text, to: e.currentTarget.value })}
      />
      <TextInput
        {...same}
        label={t('web.letter.subject')}
        value={text.subject}
        onChange={(e) => onChange({ ...text, subject: e.currentTarget.value })}
      />
      <Textarea
        {...same}
        label={t('web.letter.body')}
        autosize
        minRows={6}
        value={text.body}
        onChange={(e) => onChange({ ...text, body: e.currentTarget.value })}
      />
    </fieldset>
  )
}
