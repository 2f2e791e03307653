import { useState } from 'react'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { UploadField } from '../../ui/UploadField'

/** Papers and photographs that belong to an act. They are sent when they are chosen; the act names them. */
export function usePapers() {
  const { t } = useI18n()
  const session = useSession()
  const [ids, setIds] = useState<string[]>([])
  const field = may(session, 'document:upload') && (
    <UploadField
      many
      label={t('web.special-marks.papers')}
      hint={t('web.special-marks.papers-how')}
      wish={{ purpose: 'special-mark' }}
      onUploaded={(document) => setIds((all) => [...all, document.id])}
    />
  )
  return { field, input: ids.length > 0 ? { documents: ids } : {} }
}
