import { Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queryClient, type Versioned } from '../../api/client'
import { useRefusalAtFields } from '../../ui/atFields'
import { Editing } from '../../ui/Editing'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { HolderFields, holderInput, holderOf } from './HolderFields'
import { usePapers } from './Papers'
import { type Amendment, type Authorisation, amend, authorisationQuery, changed } from './queries'

const route = getRouteApi('/house/mark-authorisations/$id/edit')

/** Changes what is kept of a holder. */
export function AmendPage() {
  const { id } = route.useParams()
  // What is being edited must not change under the hands of who edits it.
  const { data, error, refetch } = useQuery({
    ...authorisationQuery(id),
    queryKey: ['mark-authorisation-edit', id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={420} radius={14} />
  return <Opened key={data.etag} opened={data} onTakeTheirs={() => void refetch()} />
}

function Opened({ opened, onTakeTheirs }: { opened: Versioned<Authorisation>; onTakeTheirs: () => void }) {
  const { t, text } = useI18n()
  const navigate = useNavigate()
  const { id, names } = opened.record
  const back = () => navigate({ to: '/mark-authorisations/$id', params: { id } })
  return (
    <>
      <PageHead
        title={t('web.registration.edit', { Name: text(names) })}
        crumb={
          <Link to="/mark-authorisations/$id" params={{ id }} className="crumb">
            <Back>{text(names)}</Back>
          </Link>
        }
      />
      <Editing<Amendment>
        etag={opened.etag}
        save={(etag, input) => amend(id, etag, input)}
        latest={async () => (await queryClient.fetchQuery({ ...authorisationQuery(id), staleTime: 0 })).etag}
        onSaved={async () => {
          await changed()
          await back()
        }}
        onTakeTheirs={onTakeTheirs}
        look={
          <Link to="/mark-authorisations/$id" params={{ id }} target="_blank">
            {t('web.conflict.look')}
          </Link>
        }
      >
        {(form) => <AmendForm authorisation={opened.record} {...form} onCancel={() => void back()} />}
      </Editing>
    </>
  )
}

type Props = {
  authorisation: Authorisation
  error: unknown
  saving: boolean
  onSave: (input: Amendment) => void
  onCancel: () => void
}

function AmendForm({ authorisation: a, error, saving, onSave, onCancel }: Props) {
  const { t } = useI18n()
  const papers = usePapers()
  const form = useForm({ initialValues: { ...holderOf(a), happenedOn: today(), reason: '' } })
  useRefusalAtFields(form, error)
  return (
    <Panel>
      <form
        noValidate
        className="stack"
        onSubmit={form.onSubmit(({ happenedOn, reason, ...holder }) =>
          onSave({ ...holderInput(holder), happenedOn, ...(reason && { reason }), ...papers.input }),
        )}
      >
        <ProblemAlert error={error} placed={Object.keys(form.errors)} />
        <HolderFields form={form} />
        <TextInput
          w={200}
          required
          type="date"
          label={t('web.special-marks.day')}
          {...form.getInputProps('happenedOn')}
        />
        <TextInput maxLength={2000} dir="auto" label={t('web.act.reason')} {...form.getInputProps('reason')} />
        {papers.field}
        <FormButtons submit={t('web.save')} onCancel={onCancel} busy={saving} />
      </form>
    </Panel>
  )
}
