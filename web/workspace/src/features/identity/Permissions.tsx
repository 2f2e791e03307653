import { Checkbox } from '@mantine/core'
import { useI18n } from '../../ui/i18n'

/** Permissions by object: `registration:read` and `registration:file` stand together. */
function byObject(permissions: readonly string[]) {
  const groups = new Map<string, string[]>()
  for (const permission of [...permissions].sort()) {
    const [object = '', action = ''] = permission.split(':')
    groups.set(object, [...(groups.get(object) ?? []), action])
  }
  return [...groups]
}

/** Shows permissions in a reader's order. */
export function PermissionList({ permissions }: { permissions: readonly string[] }) {
  const { word } = useI18n()
  return (
    <dl className="facts">
      {byObject(permissions).map(([object, actions]) => (
        <div key={object} style={{ display: 'contents' }}>
          <dt>{word('permission.object.', object)}</dt>
          <dd>{actions.map((a) => word('permission.act.', a)).join(' · ')}</dd>
        </div>
      ))}
    </dl>
  )
}

type Props = {
  label: string
  ceiling: readonly string[]
  value: string[]
  error?: React.ReactNode
  onChange: (v: string[]) => void
}

/** Chooses permissions among those that are possible here at all. */
export function PermissionPicker({ label, ceiling, value, error, onChange }: Props) {
  const { t, word } = useI18n()
  return (
    <Checkbox.Group label={label} description={t('web.role.ceiling')} value={value} error={error} onChange={onChange}>
      <div className="stack tight" style={{ maxBlockSize: 320, overflowY: 'auto', padding: 6 }}>
        {byObject(ceiling).map(([object, actions]) => (
          <fieldset key={object} className="fieldset">
            <legend>{word('permission.object.', object)}</legend>
            <div className="row">
              {actions.map((action) => (
                <Checkbox
                  key={action}
                  size="xs"
                  value={`${object}:${action}`}
                  label={word('permission.act.', action)}
                />
              ))}
            </div>
          </fieldset>
        ))}
      </div>
    </Checkbox.Group>
  )
}
