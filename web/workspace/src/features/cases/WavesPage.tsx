import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { atFields } from '../../ui/atFields'
import { CursorPager, useCursors } from '../../ui/CursorPager'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { Empty, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { today } from '../../ui/today'
import { changed, instrumentsQuery, SIDES, type Side } from './queries'
import { namesOf, openWave, type WaveSummary, wavesQuery } from './waves'

const NONE: WaveSummary[] = []

/** Waves of names that move together. */
export function WavesPage() {
  const { t } = useI18n()
  const session = useSession()
  const cursors = useCursors('waves')
  const { data, error, isFetching, refetch } = useQuery(wavesQuery(cursors.cursor))
  const columns = useColumns()
  const [opening, setOpening] = useState(false)
  return (
    <>
      <PageHead
        title={t('web.waves.nav')}
        lead={t('web.waves.lead')}
        acts={
          may(session, 'wave:open') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpening(true)}>
              {t('web.wave.new')}
            </Button>
          )
        }
      />
      <Panel>
        {error && <ProblemAlert error={error} retry={() => void refetch()} />}
        <DataTable
          columns={columns}
          rows={data?.items ?? NONE}
          rowId={(r) => r.id}
          caption={t('web.waves.nav')}
          busy={isFetching}
          empty={<Empty title={t('web.waves.empty')} />}
        />
        <CursorPager cursors={cursors} next={data?.next} shown={data?.items.length ?? 0} />
      </Panel>
      {opening && <OpenWaveDialog onClose={() => setOpening(false)} />}
    </>
  )
}

function useColumns(): Column<WaveSummary>[] {
  const { t, word, instant, number } = useI18n()
  return useMemo(
    () => [
      {
        id: 'title',
        header: t('web.wave.title'),
        cell: (r) => (
          <Link to="/waves/$id" params={{ id: r.id }}>
            <bdi>{r.title}</bdi>
          </Link>
        ),
      },
      { id: 'count', header: t('web.wave.count'), num: true, cell: (r) => number(r.count) },
      {
        id: 'states',
        header: t('web.wave.states'),
        cell: (r) => r.states.map((s) => `${word('case.state.', s.state)} ${number(s.count)}`).join(' · '),
      },
      { id: 'opened', header: t('web.case.on'), tight: true, cell: (r) => instant(r.openedAt) },
    ],
    [t, word, instant, number],
  )
}

/** A wave out of a list: all its cases are opened, or none. */
function OpenWaveDialog({ onClose }: { onClose: () => void }) {
  const { t, word, text } = useI18n()
  const navigate = useNavigate()
  const { data } = useQuery(instrumentsQuery)
  const form = useForm({
    initialValues: {
      title: '',
      names: '',
      language: 'zh-Hans',
      cases: {
        side: 'origin' as Side,
        originOffice: '',
        market: '',
        instrumentId: '',
        list: '',
        other: '',
        on: today(),
      },
    },
  })
  const run = useMutation({
    mutationFn: ({ title, names, language, cases: { list, other, ...cases } }: typeof form.values) =>
      openWave({
        title,
        names: namesOf(names, language),
        cases: { ...cases, ...(list && { list }), ...(other && { other }) },
      }),
    onSuccess: async (made) => {
      await changed()
      void navigate({ to: '/waves/$id', params: { id: made.id } })
    },
    onError: atFields(form),
  })
  const instruments = data?.items ?? []
  const lists = instruments.find((i) => i.id === form.values.cases.instrumentId)?.lists ?? []
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.wave.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput required label={t('web.wave.title')} {...form.getInputProps('title')} />
        <Textarea
          required
          label={t('web.wave.names')}
          description={t('web.wave.names-why')}
          autosize
          minRows={5}
          maxRows={12}
          {...form.getInputProps('names')}
        />
        <TextInput required label={t('web.case.language')} {...form.getInputProps('language')} />
        <NativeSelect
          required
          label={t('web.case.instrument')}
          data={[
            { value: '', label: '' },
            ...instruments.map((i) => ({ value: i.id, label: `${text(i.titles)} (${i.code})` })),
          ]}
          {...form.getInputProps('cases.instrumentId')}
        />
        {lists.length > 0 && (
          <NativeSelect
            label={t('web.case.list')}
            data={[{ value: '', label: '' }, ...lists.map((l) => ({ value: l.code, label: text(l.titles) || l.code }))]}
            {...form.getInputProps('cases.list')}
          />
        )}
        <NativeSelect
          label={t('web.case.our-side')}
          data={SIDES.map((value) => ({ value, label: word('case.side.', value) }))}
          {...form.getInputProps('cases.side')}
        />
        <TextInput required label={t('web.case.origin-office')} {...form.getInputProps('cases.originOffice')} />
        <TextInput required label={t('web.case.market')} {...form.getInputProps('cases.market')} />
        <TextInput
          label={t('web.case.other')}
          description={t('web.case.other-why')}
          {...form.getInputProps('cases.other')}
        />
        <TextInput type="date" required label={t('web.case.on')} {...form.getInputProps('cases.on')} />
        <FormButtons submit={t('web.wave.new')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
