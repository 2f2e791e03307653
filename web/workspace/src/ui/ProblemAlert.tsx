import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { fieldOf, Refusal } from '../api/problem'
import { type I18n, useI18n } from './i18n'
import { failed } from './notice'

/** A failure in words: the server's when it spoke, ours when it could not be reached. */
function words(error: unknown, t: I18n['t']): { title: string; detail?: string } {
  const p = error instanceof Refusal ? error.problem : undefined
  if (p) return { title: p.title, detail: p.detail }
  const unreachable = error instanceof Refusal && error.status === 0
  return { title: t(unreachable ? 'web.problem.unreachable' : 'web.problem.unexpected') }
}

type Props = { error: unknown; placed?: readonly string[]; retry?: () => void }

/** Shows a refusal in one place; details already shown at their fields (`placed`) are left out. */
export function ProblemAlert({ error, placed = [], retry }: Props) {
  const { t } = useI18n()
  if (!error) return null
  const problem = error instanceof Refusal ? error.problem : undefined
  const { title, detail } = words(error, t)
  const rest = (problem?.details ?? []).filter((d) => fieldOf(d.pointer, (p) => placed.includes(p)) === undefined)
  return (
    <Alert
      color="rose"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      styles={{ title: { color: 'var(--rose-700)' }, message: { color: 'var(--ink-900)' } }}
    >
      {detail && <p>{detail}</p>}
      {rest.length > 0 && (
        <ul>
          {rest.map((d, i) => (
            <li key={i}>
              {d.message} <span className="mono soft">{d.pointer}</span>
            </li>
          ))}
        </ul>
      )}
      {problem?.correlationId && (
        <p className="small soft">
          {t('web.problem.reference')} <span className="mono">{problem.correlationId}</span>
        </p>
      )}
      {retry && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={retry}>
          {t('web.retry')}
        </Button>
      )}
    </Alert>
  )
}

/** Says a refusal in a notice, for acts that have no form. */
export function useRefused() {
  const { t } = useI18n()
  return (error: unknown) => {
    const { title, detail } = words(error, t)
    const details = error instanceof Refusal ? error.problem?.details : undefined
    failed(title, [detail, ...(details ?? []).map((d) => d.message)].filter(Boolean).join(' '))
  }
}
