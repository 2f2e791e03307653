import { Button, TextInput } from '@mantine/core'
import { useI18n } from './i18n'
import { Panel } from './Panel'

export type Moment = { on?: string; asOf?: string }

/** An instant as the browser's own field wants it, in the zone of the machine. */
function local(iso: string | undefined) {
  if (!iso) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

type Props = { moment: Moment; asks: (keyof Moment)[]; onShow: (moment: Moment) => void }

/** Chooses the day for which the answer shall hold, and the instant whose knowledge is asked for. */
export function MomentPicker({ moment, asks, onShow }: Props) {
  const { t } = useI18n()
  const ask = (form: FormData) => {
    const on = String(form.get('on') ?? '')
    const asOf = String(form.get('asOf') ?? '')
    onShow({ ...(on && { on }), ...(asOf && { asOf: new Date(asOf).toISOString() }) })
  }
  return (
    <Panel title={t('web.moment')}>
      <form
        key={`${moment.on} ${moment.asOf}`}
        className="stack tight"
        onSubmit={(e) => {
          e.preventDefault()
          ask(new FormData(e.currentTarget))
        }}
      >
        {asks.includes('on') && (
          <TextInput
            type="date"
            name="on"
            label={t('web.moment.on')}
            description={t('web.moment.on-why')}
            defaultValue={moment.on}
          />
        )}
        {asks.includes('asOf') && (
          <TextInput
            type="datetime-local"
            name="asOf"
            label={t('web.moment.as-of')}
            description={t('web.moment.as-of-why')}
            defaultValue={local(moment.asOf)}
          />
        )}
        <Button type="submit" variant="default">
          {t('web.moment.show')}
        </Button>
      </form>
    </Panel>
  )
}
