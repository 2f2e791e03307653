import { useMutation } from '@tanstack/react-query'
import { useI18n } from './i18n'
import { useRefused } from './ProblemAlert'

type Filed = { documentId: string; filename: string; size: number }
type Props = { of: Filed; link: (documentId: string) => Promise<{ url: string }> }

/** A document that was handed in, by the name of its file, which opens it: by a link that is good for a minute. */
export function FiledName({ of: f, link }: Props) {
  const { bytes } = useI18n()
  const refused = useRefused()
  const open = useMutation({
    mutationFn: () => link(f.documentId),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: refused,
  })
  return (
    <span>
      <button type="button" className="link" disabled={open.isPending} onClick={() => open.mutate()}>
        <bdi>{f.filename}</bdi>
      </button>
      <span className="soft small"> {bytes(f.size)}</span>
    </span>
  )
}
