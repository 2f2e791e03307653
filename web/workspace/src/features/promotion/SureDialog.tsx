import { Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { FormButtons } from '../../ui/FormButtons'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { changed } from './calls'

type Props = { title: string; note: string; run: () => Promise<unknown>; onClose: () => void }

/** An act that cannot be taken back, with what it brings. */
export function SureDialog({ title, note, run, onClose }: Props) {
  const act = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      await changed()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        noValidate
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          act.mutate()
        }}
      >
        <ProblemAlert error={act.error} />
        <p>{note}</p>
        <FormButtons submit={title} onCancel={onClose} busy={act.isPending} />
      </form>
    </Modal>
  )
}
