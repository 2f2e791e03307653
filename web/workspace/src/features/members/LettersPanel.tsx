import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Panel } from '../../ui/Panel'
import { ProblemAlert, useRefused } from '../../ui/ProblemAlert'
import { changed, lettersQuery, type Member, sendLink } from './queries'

/** What was mailed to a member, to which address, masked, and what became of it. */
export function LettersPanel({ member: m }: { member: Member }) {
  const { t, word, instant } = useI18n()
  const { data = [], error } = useQuery(lettersQuery(m.id))
  const run = useMutation({
    mutationFn: () => sendLink(m.id),
    onSuccess: async ({ address }) => {
      done(t('web.members.link-sent', { Address: address ?? '' }))
      await changed()
    },
    onError: useRefused(),
  })
  const mayLink = m.allowed.includes('invite')
  if (!mayLink && data.length === 0) return null
  return (
    <Panel
      title={t('web.members.letters')}
      aside={
        mayLink && (
          <Button size="compact-sm" variant="default" loading={run.isPending} onClick={() => run.mutate()}>
            {t('web.members.send-link')}
          </Button>
        )
      }
    >
      <ProblemAlert error={error} />
      <ul className="list">
        {data.map((l) => (
          <li key={l.id}>
            <b>{word('member-letter.kind.', l.kind)}</b>
            <span>{word('member-letter.status.', l.status)}</span>
            {l.address && <bdi className="mono small">{l.address}</bdi>}
            <span className="soft small">{instant(l.triedAt ?? l.createdAt)}</span>
            {l.kind === 'licence' && <bdi className="sub">{l.about}</bdi>}
            {l.answer && <span className="sub">{l.answer}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
