import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { useRefusalAtFields } from '../../ui/atFields'
import type { Column } from '../../ui/DataTable'
import { FormButtons } from '../../ui/FormButtons'
import { useI18n } from '../../ui/i18n'
import { ListPanel } from '../../ui/ListPanel'
import { PageHead } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { beginning, begun, CaseFields } from './CaseFields'
import { changed } from './queries'
import { namesOf, openWave, type WaveSummary, wavesQuery } from './waves'

const NONE = {} // waves are few: nothing chooses among them

/** Waves of names that move together. */
export function WavesPage() {
  const { t } = useI18n()
  const session = useSession()
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
      <ListPanel
        ordered
        filter={NONE}
        query={wavesQuery}
        columns={columns}
        caption={t('web.waves.nav')}
        empty={t('web.waves.empty')}
      />
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
  const { t } = useI18n()
  const navigate = useNavigate()
  const form = useForm({ initialValues: { title: '', names: '', language: 'zh-Hans', cases: beginning() } })
  const run = useMutation({
    mutationFn: ({ title, names, language, cases }: typeof form.values) =>
      openWave({ title, names: namesOf(names, language), cases: begun(cases) }),
    onSuccess: async (made) => {
      await changed()
      void navigate({ to: '/waves/$id', params: { id: made.id } })
    },
  })
  useRefusalAtFields(form, run.error)
  const field = (path: string) => ({ 'data-path': path, ...form.getInputProps(path) })
  return (
    <Modal opened size="lg" onClose={onClose} title={t('web.wave.new')}>
      <form noValidate className="stack" onSubmit={form.onSubmit((v) => run.mutate(v))}>
        <ProblemAlert error={run.error} placed={Object.keys(form.errors)} />
        <TextInput required label={t('web.wave.title')} {...field('title')} />
        <Textarea
          required
          label={t('web.wave.names')}
          description={t('web.wave.names-why')}
          autosize
          minRows={5}
          maxRows={12}
          {...field('names')}
        />
        <TextInput required label={t('web.case.language')} {...field('language')} />
        <CaseFields instrumentId={form.values.cases.instrumentId} field={(name) => field(`cases.${name}`)} />
        <FormButtons submit={t('web.wave.new')} onCancel={onClose} busy={run.isPending} />
      </form>
    </Modal>
  )
}
