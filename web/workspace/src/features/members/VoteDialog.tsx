import { Modal, NativeSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { CHOICES, type Choice, type Meeting, type Motion, rollQuery, vote } from './meetings'
import { changed } from './queries'

/** Enters who voted how. Only who is here or represented, and has a vote, is offered. */
export function VoteDialog({
  meeting: m,
  motion: o,
  onClose,
}: {
  meeting: Meeting
  motion: Motion
  onClose: () => void
}) {
  const { t, word } = useI18n()
  const [chosen, setChosen] = useState<Record<string, Choice>>({})
  const cursors = useCursors(m.id)
  const { data } = useQuery(rollQuery(m.id, {}, cursors.cursor, 200))
  const voters = (data?.items ?? []).filter((c) => !c.noVote && c.attendance !== 'absent')
  const run = useMutation({
    mutationFn: () =>
      vote(
        m.id,
        o.id,
        Object.entries(chosen).map(([memberId, choice]) => ({ memberId, choice })),
      ),
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  const choose = (id: string, value: string) =>
    setChosen(({ [id]: _, ...rest }) => {
      const choice = CHOICES.find((c) => c === value)
      return choice ? { ...rest, [id]: choice } : rest
    })
  return (
    <Modal opened onClose={onClose} title={`${t('web.meeting.vote')}: ${o.title}`}>
      <form
        noValidate
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          run.mutate()
        }}
      >
        <ProblemAlert error={run.error} />
        {voters.map((c) => (
          <NativeSelect
            key={c.memberId}
            label={[c.memberName, c.proxyName && `${word('meeting.attendance.', 'proxy')} ${c.proxyName}`]
              .filter(Boolean)
              .join(' · ')}
            value={chosen[c.memberId] ?? ''}
            onChange={(e) => choose(c.memberId, e.currentTarget.value)}
            data={[
              { value: '', label: '' },
              ...CHOICES.map((value) => ({ value, label: word('meeting.choice.', value) })),
            ]}
          />
        ))}
        <CursorPager cursors={cursors} next={data?.next} shown={voters.length} />
        <FormButtons
          submit={t('web.meeting.vote')}
          onCancel={onClose}
          busy={run.isPending}
          disabled={Object.keys(chosen).length === 0}
        />
      </form>
    </Modal>
  )
}
