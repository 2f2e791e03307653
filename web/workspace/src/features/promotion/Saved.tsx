import { Refusal } from '../../api/problem'
import { useI18n } from '../../ui/i18n'
import { Tag } from '../../ui/Tag'
import type { Application } from './applications'

type Props = { saved: Application; saving: boolean; error: unknown }

/** Whether the server has what is filled in, or the device only. */
export function Saved({ saved, saving, error }: Props) {
  const { t, instant } = useI18n()
  const away = error instanceof Refusal && error.status === 0
  return (
    <span role="status">
      {saving ? (
        t('web.promotion.saving')
      ) : away ? (
        <Tag tone="warn">{t('web.promotion.kept-here')}</Tag>
      ) : error ? (
        <Tag tone="bad">{t('web.promotion.not-saved')}</Tag>
      ) : (
        t('web.promotion.saved-at', { When: instant(saved.updatedAt) })
      )}
    </span>
  )
}
