import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queryClient, type Versioned } from '../../api/client'
import { Editing } from '../../ui/Editing'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { instrumentValues } from './content'
import { InstrumentForm } from './InstrumentForm'
import { changed, type Instrument, type InstrumentInput, instrumentQuery, updateInstrument } from './queries'

const route = getRouteApi('/house/instruments/$id/edit')

export function InstrumentEditPage() {
  const { id } = route.useParams()
  // What is being edited must not change under the hands of who edits it.
  const { data, error, refetch } = useQuery({
    ...instrumentQuery(id),
    queryKey: ['instrument-edit', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={500} radius={14} />
  return <Opened key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Opened({ opened, onTakeTheirs }: { opened: Versioned<Instrument>; onTakeTheirs: () => void }) {
  const { t, text } = useI18n()
  const navigate = useNavigate()
  const { id, titles } = opened.record
  const back = () => navigate({ to: '/instruments/$id', params: { id } })
  return (
    <>
      <PageHead
        title={t('web.registration.edit', { Name: text(titles) })}
        crumb={
          <Link to="/instruments/$id" params={{ id }} className="crumb">
            <Back>{text(titles)}</Back>
          </Link>
        }
      />
      <Editing<InstrumentInput>
        etag={opened.etag}
        save={(etag, input) => updateInstrument(id, etag, input)}
        latest={async () => (await queryClient.fetchQuery({ ...instrumentQuery(id), staleTime: 0 })).etag}
        onSaved={async () => {
          await changed('instruments')
          await back()
        }}
        onTakeTheirs={onTakeTheirs}
        look={
          <Link to="/instruments/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        }
      >
        {(form) => <InstrumentForm values={instrumentValues(opened.record)} {...form} onCancel={() => void back()} />}
      </Editing>
    </>
  )
}
