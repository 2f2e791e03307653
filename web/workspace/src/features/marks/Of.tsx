import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useI18n } from '../../ui/i18n'

/** What a list was narrowed to by the way that somebody came, and the way to all of it. */
export function Of({ children, onAll }: { children: ReactNode; onAll: () => void }) {
  const { t } = useI18n()
  return (
    <div className="row" style={{ alignSelf: 'end', gap: 6, minBlockSize: 36 }}>
      <span className="soft small">{t('web.special-marks.only')}</span>
      {children}
      <ActionIcon size="sm" aria-label={t('web.special-marks.show-all')} onClick={onAll}>
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </div>
  )
}
