import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { may, useSession } from '../../api/session'
import { type Column, DataTable } from '../../ui/DataTable'
import { useI18n } from '../../ui/i18n'
import { done } from '../../ui/notice'
import { Empty } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag, type Tone } from '../../ui/Tag'
import { grouped, HouseForm, RemoveHouse, SuspendHouse } from './HouseForms'
import { type HouseOf, housesQuery, logQuery, resumeHouse } from './queries'

const NONE: HouseOf[] = []
/** What is being done: with a house, or to follow a new one. */
type Doing = { act: 'create' } | { act: 'update' | 'suspend' | 'remove'; house: HouseOf }
const STATE_TONE: Record<HouseOf['state'], Tone> = { followed: 'ok', suspended: 'warn', left: 'plain' }

/** The partner houses that are followed: how they are, how far we are with each, and who cosigns whose log. */
export function Houses() {
  const { t } = useI18n()
  const { data, error, refetch } = useQuery(housesQuery)
  const { data: log } = useQuery(logQuery)
  const [doing, setDoing] = useState<Doing>()
  const session = useSession()
  const columns = useColumns(log?.size ?? 0, setDoing)
  const end = () => setDoing(undefined)
  return (
    <Panel
      title={t('web.houses.title')}
      aside={
        may(session, 'partner-house:create') && (
          <Button
            size="compact-md"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setDoing({ act: 'create' })}
          >
            {t('partner-house.act.create')}
          </Button>
        )
      }
    >
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      <DataTable
        columns={columns}
        rows={data?.items ?? NONE}
        rowId={(h) => h.name}
        caption={t('web.houses.title')}
        busy={!data && !error}
        empty={<Empty title={t('web.houses.empty')}>{t('web.houses.how')}</Empty>}
      />
      {doing?.act === 'create' && <HouseForm onClose={end} />}
      {doing?.act === 'update' && <HouseForm house={doing.house} onClose={end} />}
      {doing?.act === 'suspend' && <SuspendHouse house={doing.house} onClose={end} />}
      {doing?.act === 'remove' && <RemoveHouse house={doing.house} onClose={end} />}
    </Panel>
  )
}

/** The acts that the server allows, each with its dialog; going on needs nothing said. */
function Acts({ of: house, setDoing }: { of: HouseOf; setDoing: (d: Doing) => void }) {
  const { t, word } = useI18n()
  const resume = useMutation({
    mutationFn: () => resumeHouse(house.id),
    onSuccess: () => done(t('web.houses.changed')),
  })
  const act = (name: string) => {
    if (name === 'resume') resume.mutate()
    else if (name === 'update' || name === 'suspend' || name === 'remove') setDoing({ act: name, house })
  }
  return (
    <div className="stack tight">
      <ProblemAlert error={resume.error} />
      {house.allowed.map((name) => (
        <div key={name}>
          <Button
            size="compact-sm"
            variant="subtle"
            {...(name === 'remove' && { color: 'rose' })}
            loading={name === 'resume' && resume.isPending}
            onClick={() => act(name)}
          >
            {word('partner-house.act.', name)}
          </Button>
        </div>
      ))}
    </div>
  )
}

function useColumns(size: number, setDoing: (d: Doing) => void): Column<HouseOf>[] {
  const { t, word, number, instant } = useI18n()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('web.received.house'),
        cell: (h) => (
          <>
            <bdi className="mono">{h.name}</bdi>
            <div className="soft small">
              <bdi dir="ltr">{h.url}</bdi>
            </div>
            {h.ofFile && <div className="soft small">{t('web.houses.of-file')}</div>}
            {h.fingerprint && (
              <details className="small">
                <summary>{t('web.houses.fingerprint')}</summary>
                <bdi dir="ltr" className="mono">
                  {grouped(h.fingerprint)}
                </bdi>
              </details>
            )}
          </>
        ),
      },
      {
        id: 'state',
        header: t('web.partner.state'),
        cell: (h) => {
          if (h.state !== 'followed')
            return (
              <>
                <Tag tone={STATE_TONE[h.state]}>{word('partner-house.state.', h.state)}</Tag>
                {h.suspendedAt && <div className="soft small">{instant(h.suspendedAt)}</div>}
                {h.suspendedWhy && <div className="soft small">{h.suspendedWhy}</div>}
              </>
            )
          if (h.error)
            return <Tag tone={h.error === 'unreachable' ? 'warn' : 'bad'}>{word('partner-house.error.', h.error)}</Tag>
          return <Tag tone={h.checkedAt ? 'ok' : 'plain'}>{t(h.checkedAt ? 'web.partner.well' : 'web.houses.new')}</Tag>
        },
      },
      {
        id: 'checked',
        header: t('web.houses.checked'),
        tight: true,
        cell: (h) => (
          <>
            {h.checkedAt ? instant(h.checkedAt) : t('web.partner.never')}
            {h.triedAt && h.triedAt !== h.checkedAt && (
              <div className="soft small">{t('web.houses.tried', { When: instant(h.triedAt) })}</div>
            )}
          </>
        ),
      },
      {
        id: 'records',
        header: t('web.houses.records'),
        cell: (h) => (
          <>
            <span className="nums">{number(h.records)}</span>
            {h.unproved > 0 && (
              <div className="soft small">{t('web.houses.unproved', { Number: number(h.unproved) })}</div>
            )}
            <div className="soft small">{t('web.houses.position', { Number: number(h.position) })}</div>
            <div className="soft small">{t('web.log.size', { Number: number(h.logSize) })}</div>
          </>
        ),
      },
      {
        id: 'witness',
        header: t('web.houses.witness'),
        cell: (h) => (
          <div className="stack tight">
            <Cosigns of={h} size={size} />
            <div className="soft small">
              {h.cosigned
                ? t('web.houses.we-cosigned', { Number: number(h.cosigned.size), When: instant(h.cosigned.at) })
                : t('web.houses.we-do-not')}
            </div>
          </div>
        ),
      },
      {
        id: 'acts',
        header: t('web.acts'),
        has: (h) => h.allowed.length > 0,
        tight: true,
        cell: (h) => <Acts of={h} setDoing={setDoing} />,
      },
    ],
    [t, word, number, instant, size, setDoing],
  )
}

/** How far the house is with cosigning our log. */
function Cosigns({ of: h, size }: { of: HouseOf; size: number }) {
  const { t, word, number } = useI18n()
  if (!h.cosigns) return <div className="soft small">{t('web.houses.it-does-not')}</div>
  if (h.cosigns.error)
    return (
      <div>
        <Tag tone="bad">{word('page.log.error.', h.cosigns.error)}</Tag>
      </div>
    )
  return (
    <div>
      <Tag tone={h.cosigns.size === size ? 'ok' : 'warn'}>
        {t('web.houses.it-cosigned', { Number: number(h.cosigns.size) })}
      </Tag>
    </div>
  )
}
