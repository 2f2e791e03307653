import { Button, Menu, Skeleton } from '@mantine/core'
import { IconDots, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useI18n } from '../../ui/i18n'
import { Back, PageHead } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { RegistrationName } from '../../ui/RegistrationSelect'
import { CountsPanel } from './CountsPanel'
import { ExportDialog } from './ExportDialog'
import { HoldingsPanel } from './HoldingsPanel'
import { type Batch, batchQuery, type Doing, MOVES, type Move, movesIn, movesQuery, PLACES } from './ledger'
import { MoveDialog } from './MoveDialog'
import { MoveItem } from './MoveItem'
import { ScansPanel } from './ScansPanel'
import { HolderName } from './Where'

const route = getRouteApi('/house/mark-batches/$id')

/** A run of marks: what it is, where each number is, and how it came there. */
export function BatchPage() {
  const { id } = route.useParams()
  const { t } = useI18n()
  const { data, error, refetch } = useQuery(batchQuery(id))
  const crumb = (
    <Link to="/mark-batches" className="crumb">
      <Back>{t('web.batches.nav')}</Back>
    </Link>
  )
  if (error) {
    return (
      <>
        <PageHead title={t('web.batches.nav')} crumb={crumb} />
        <ProblemAlert error={error} retry={() => void refetch()} />
      </>
    )
  }
  if (!data) return <Skeleton h={420} radius={14} />
  return <Shown key={id} batch={data} crumb={crumb} />
}

type Dialog = { act: Doing; corrects?: Move } | 'export'

function Shown({ batch: b, crumb }: { batch: Batch; crumb: ReactNode }) {
  const { t, number, instant } = useI18n()
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  return (
    <>
      <PageHead
        title={b.design}
        crumb={crumb}
        lead={[t('web.batches.marks', { Count: b.count }), b.printer].join(' · ')}
        acts={<Acts batch={b} onDo={setDialog} />}
      />
      <div className="stack">
        <Balances batch={b} />
        <div className="grid">
          <div className="stack w8">
            <HoldingsPanel batch={b} />
            <MovesPanel batch={b} onCorrect={(corrects) => setDialog({ act: 'correct', corrects })} />
          </div>
          <div className="stack w4">
            <Panel title={t('web.registration.facts')}>
              <dl className="facts">
                <dt>{t('web.special-marks.registration')}</dt>
                <dd>
                  <RegistrationName id={b.registrationId} />
                </dd>
                <dt>{t('web.special-marks.holder')}</dt>
                <dd>{b.authorisationId ? <HolderName id={b.authorisationId} /> : t('web.batches.for-stock')}</dd>
                <dt>{t('web.batches.number')}</dt>
                <dd className="nums">{b.code}</dd>
                <dt>{t('web.batches.key')}</dt>
                <dd className="nums">{number(b.keyVersion)}</dd>
                {b.documentId && (
                  <>
                    <dt>{t('web.batches.image')}</dt>
                    <dd>
                      <Link to="/documents/$id" params={{ id: b.documentId }}>
                        {t('web.batches.image-look')}
                      </Link>
                    </dd>
                  </>
                )}
              </dl>
              <p className="soft small" style={{ marginBlockStart: 12 }}>
                {t('web.history.recorded', { Name: b.createdName, When: instant(b.createdAt) })}
              </p>
            </Panel>
            <CountsPanel batch={b} />
            <ScansPanel batch={b} />
          </div>
        </div>
      </div>
      {dialog === 'export' && <ExportDialog batch={b} onClose={close} />}
      {dialog && dialog !== 'export' && <MoveDialog batch={b} {...dialog} onClose={close} />}
    </>
  )
}

function Acts({ batch: b, onDo }: { batch: Batch; onDo: (dialog: Dialog) => void }) {
  const { t, word } = useI18n()
  const acts = movesIn(b.allowed)
  const rare = acts.filter((act) => !MOVES[act].usual)
  const printable = b.balances.some((sum) => sum.kind === 'ordered' || sum.kind === 'printed')
  return (
    <>
      {printable && b.allowed.includes('export') && (
        <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => onDo('export')}>
          {t('web.batches.print-file')}
        </Button>
      )}
      {acts
        .filter((act) => MOVES[act].usual)
        .map((act) => (
          <Button key={act} onClick={() => onDo({ act })}>
            {word('mark-batch.act.', act)}
          </Button>
        ))}
      {rare.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>
              {t('web.special-marks.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {rare.map((act) => (
              <Menu.Item key={act} color={MOVES[act].ends ? 'rose' : undefined} onClick={() => onDo({ act })}>
                {word('mark-batch.act.', act)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}

/** How many are where, as a band whose parts are as long as their shares. */
function Balances({ batch: b }: { batch: Batch }) {
  const { t, word, number, percent } = useI18n()
  return (
    <Panel>
      <div className="band" aria-hidden="true">
        {b.balances.map((sum) => (
          <span key={sum.kind} data-tone={PLACES[sum.kind]} style={{ flexGrow: sum.count }} />
        ))}
      </div>
      <ul className="row band-words" aria-label={t('web.batches.where')}>
        {b.balances.map((sum) => (
          <li key={sum.kind}>
            <span className="soft">{word('mark-batch.place.', sum.kind)}</span>{' '}
            <b className="nums">{number(sum.count)}</b>{' '}
            <span className="soft small nums">{percent(sum.count / b.count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const NEWEST = 10

function MovesPanel({ batch: b, onCorrect }: { batch: Batch; onCorrect: (move: Move) => void }) {
  const { t } = useI18n()
  const { data, error } = useQuery(movesQuery({ batchId: b.id }, undefined, NEWEST))
  const correctable = b.allowed.includes('correct')
  return (
    <Panel
      title={t('web.ledger.newest')}
      aside={
        <Link to="/mark-moves" search={{ batchId: b.id }}>
          {t('web.ledger.all')}
        </Link>
      }
    >
      <ProblemAlert error={error} />
      <ul className="list">
        {data?.items.map((m) => (
          <MoveItem key={m.id} move={m} onCorrect={correctable ? () => onCorrect(m) : undefined} />
        ))}
      </ul>
    </Panel>
  )
}
