import { Button, Modal, NativeSelect, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { queryClient } from '../../api/client'
import { may, useSession } from '../../api/session'
import { FormButtons } from '../../ui/FormButtons'
import { LOCALES, useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { HeadDialog } from './HeadDialog'
import { IncomingDialog } from './IncomingDialog'
import { LetterDialog } from './LetterDialog'
import { documentsQuery, draft, LETTER, type Letter, lettersQuery, letterTemplatesQuery, openDocument } from './letters'
import { type Case, changed } from './queries'

type Asked = 'write' | 'incoming' | 'head'

/** The letters of the case, and our drafts. */
export function LettersPanel({ of: c }: { of: Case }) {
  const { t } = useI18n()
  const session = useSession()
  const { data, error } = useQuery(lettersQuery(c.id))
  const [asked, setAsked] = useState<Asked>()
  const [opened, setOpened] = useState<string>()
  const shown = data?.items.find((l) => l.id === opened)
  // A paper that has just been made is a document of the case, too.
  const papers = data?.items.filter((l) => l.caseDocumentId).length
  useEffect(() => {
    if (papers) void queryClient.invalidateQueries(documentsQuery(c.id))
  }, [papers, c.id])
  const actions: [Asked, string, string][] = [
    ['write', 'case-letter:draft', t('web.letter.write')],
    ['incoming', 'case-letter:register', t('web.letter.incoming')],
    ['head', 'letterhead:update', t('web.letter.head')],
  ]
  return (
    <Panel title={t('web.case.letters')}>
      <ProblemAlert error={error} />
      <div className="row">
        {actions
          .filter(([, permission]) => may(session, permission))
          .map(([what, , label]) => (
            <Button key={what} size="compact-sm" variant="default" onClick={() => setAsked(what)}>
              {label}
            </Button>
          ))}
      </div>
      {!data && !error && <Skeleton h={80} />}
      {data?.items.length === 0 && <p className="soft">{t('web.case.letters-none')}</p>}
      <ul className="list">
        {data?.items.map((l) => (
          <Row key={l.id} id={c.id} of={l} onOpen={() => setOpened(l.id)} />
        ))}
      </ul>
      {asked === 'write' && (
        <WriteDialog
          of={c}
          onClose={() => setAsked(undefined)}
          onDrafted={(l) => {
            setAsked(undefined)
            setOpened(l.id)
          }}
        />
      )}
      {asked === 'incoming' && <IncomingDialog of={c} onClose={() => setAsked(undefined)} />}
      {asked === 'head' && <HeadDialog onClose={() => setAsked(undefined)} />}
      {shown && <LetterDialog key={shown.id} id={c.id} of={shown} onClose={() => setOpened(undefined)} />}
    </Panel>
  )
}

function Row({ id, of: l, onOpen }: { id: string; of: Letter; onOpen: () => void }) {
  const { t, word, text, day } = useI18n()
  const open = useMutation({ mutationFn: () => openDocument(id, l.caseDocumentId ?? '') })
  const first = l.languages[0] ?? ''
  return (
    <li>
      <span>
        <button type="button" className="link" lang={first} onClick={onOpen}>
          <bdi>{l.texts[first]?.subject || l.number}</bdi>
        </button>
        <div className="soft small">
          {[
            l.number,
            word('case.side.', l.side),
            l.on && day(l.on),
            l.receivedOn && t('web.case.received', { Day: day(l.receivedOn) }),
            text(l.owner.names) || l.owner.slug,
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
        <ProblemAlert error={open.error} />
      </span>
      <span className="end row">
        <Tag tone={LETTER[l.status]}>{word('letter.status.', l.status)}</Tag>
        {l.caseDocumentId && (
          <Button size="compact-sm" variant="default" loading={open.isPending} onClick={() => open.mutate()}>
            PDF
          </Button>
        )}
      </span>
    </li>
  )
}

type WriteProps = { of: Case; onClose: () => void; onDrafted: (l: Letter) => void }

function WriteDialog({ of: c, onClose, onDrafted }: WriteProps) {
  const { t, word, language } = useI18n()
  const { data } = useQuery(letterTemplatesQuery)
  const templates = data?.items.filter((x) => x.sides.some((s) => c.sides.includes(s))) ?? []
  const [template, setTemplate] = useState<string>()
  const [first, setFirst] = useState<string>('zh-Hans')
  const [second, setSecond] = useState<string>('en')
  const likely = templates.find((x) => x.act && c.expected.some((e) => e.act === x.act))?.code ?? 'cover'
  const run = useMutation({
    mutationFn: () =>
      draft(c.id, {
        template: template ?? likely,
        languages: second && second !== first ? [first, second] : [first],
      }),
    onSuccess: async (l) => {
      await changed()
      onDrafted(l)
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('web.letter.write')}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        <NativeSelect
          label={t('web.letter.template')}
          value={template ?? likely}
          onChange={(e) => setTemplate(e.currentTarget.value)}
          data={templates.map((x) => ({
            value: x.code,
            label: x.act ? word('case.act.', x.act) : t('web.letter.cover'),
          }))}
        />
        <NativeSelect
          label={t('web.letter.language')}
          value={first}
          onChange={(e) => setFirst(e.currentTarget.value)}
          data={LOCALES.map((value) => ({ value, label: language(value) }))}
        />
        <NativeSelect
          label={t('web.letter.second')}
          value={second}
          onChange={(e) => setSecond(e.currentTarget.value)}
          data={[
            { value: '', label: t('web.letter.one-only') },
            ...LOCALES.filter((l) => l !== first).map((value) => ({ value, label: language(value) })),
          ]}
        />
        <FormButtons submit={t('web.letter.write')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
