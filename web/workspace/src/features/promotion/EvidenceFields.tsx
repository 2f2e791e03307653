import { Button, MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { may, useSession } from '../../api/session'
import { useI18n } from '../../ui/i18n'
import { PaperName } from '../../ui/PaperName'
import { UploadField } from '../../ui/UploadField'
import { issuedQuery } from './claims'

type Props = {
  documentIds: string[]
  onDocuments: (ids: string[]) => void
  dossierIds: string[]
  onDossiers: (ids: string[]) => void
}

/** What shows that a report is true, and which own dossiers opened the market. */
export function EvidenceFields({ documentIds, onDocuments, dossierIds, onDossiers }: Props) {
  const { t, market } = useI18n()
  const session = useSession()
  const { data: issued = [] } = useQuery({ ...issuedQuery, enabled: may(session, 'dossier:read') })
  return (
    <>
      <fieldset className="fieldset stack tight" data-path="documentIds">
        <legend>{t('web.promotion.evidence')}</legend>
        <ul className="list">
          {documentIds.map((id) => (
            <li key={id}>
              <PaperName id={id} />
              <Button
                className="end"
                size="compact-xs"
                variant="default"
                onClick={() => onDocuments(documentIds.filter((d) => d !== id))}
              >
                {t('web.promotion.remove')}
              </Button>
            </li>
          ))}
        </ul>
        <UploadField
          many
          label={t('web.promotion.evidence-upload')}
          wish={{ purpose: 'promotion' }}
          onUploaded={(d) => onDocuments([...documentIds, d.id])}
        />
      </fieldset>
      {issued.length > 0 && (
        <MultiSelect
          label={t('web.promotion.used-dossiers')}
          data={issued.map((d) => ({
            value: d.id,
            label: [d.number ?? d.registrationName, market(d.market)].join(' · '),
          }))}
          value={dossierIds}
          onChange={onDossiers}
        />
      )}
    </>
  )
}
