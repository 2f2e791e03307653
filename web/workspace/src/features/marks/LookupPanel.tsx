import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { FactList } from '../../ui/FactList'
import { useI18n } from '../../ui/i18n'
import { Panel } from '../../ui/Panel'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { Tag } from '../../ui/Tag'
import { type Check, checkQuery, codeIn, VERDICTS } from './ledger'

type Props = { code: string; onAsk: (code: string) => void }

/** What a code on a package is: its batch and number too, for whoever keeps the batch. */
export function LookupPanel({ code, onAsk }: Props) {
  const { t } = useI18n()
  const { data, error, isFetching } = useQuery(checkQuery(code))
  return (
    <Panel title={t('web.lookup.title')}>
      <form
        className="row"
        style={{ alignItems: 'end' }}
        onSubmit={(e) => {
          e.preventDefault()
          onAsk(codeIn(String(new FormData(e.currentTarget).get('code'))))
        }}
      >
        <TextInput
          key={code}
          name="code"
          style={{ flex: '1 1 260px' }}
          maxLength={300}
          dir="ltr"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          label={t('web.lookup.code')}
          description={t('web.lookup.how')}
          defaultValue={code}
        />
        <Button type="submit" variant="default" loading={isFetching}>
          {t('web.lookup.ask')}
        </Button>
      </form>
      <ProblemAlert error={error} />
      {code && data && <Found check={data} />}
    </Panel>
  )
}

function Found({ check: c }: { check: Check }) {
  const { t, word, text, number } = useI18n()
  const facts: [string, ReactNode][] = [
    [t('web.special-marks.registration'), c.product?.title],
    [t('web.special-marks.holder'), c.holder && `${text(c.holder.names)} · ${c.holder.creditCode}`],
    [t('web.batches.lot'), c.lot],
    [
      t('web.lookup.number'),
      c.batchId && c.number !== undefined && (
        <Link to="/mark-batches/$id" params={{ id: c.batchId }} search={{ number: String(c.number) }}>
          {number(c.number)}
        </Link>
      ),
    ],
    [t('web.lookup.authority'), !c.batchId && text(c.publisher)],
  ]
  return (
    <div className="stack tight" role="status" style={{ marginBlockStart: 14 }}>
      <div className="row">
        <bdi className="mono" dir="ltr">
          {c.code}
        </bdi>
        <Tag tone={VERDICTS[c.verdict]}>{word('mark-batch.verdict.', c.verdict)}</Tag>
      </div>
      <FactList of={facts} />
    </div>
  )
}
