import { TextInput } from '@mantine/core'
import { useI18n } from '../../ui/i18n'
import type { MarkList } from './queries'

type Field = (name: 'list' | 'source' | 'takenOn') => object

/** In which list marks stand, one that is there or a new one, and what it was taken from on which day. */
export function ListFields({ lists, field }: { lists: MarkList[]; field: Field }) {
  const { t } = useI18n()
  return (
    <>
      <TextInput
        required
        label={t('web.marks.list')}
        description={t('web.marks.list-how')}
        maxLength={100}
        list="mark-lists"
        {...field('list')}
      />
      <datalist id="mark-lists">
        {lists.map((l) => (
          <option key={l.id} value={l.name} />
        ))}
      </datalist>
      <div className="row" style={{ alignItems: 'start' }}>
        <TextInput
          required
          style={{ flex: '1 1 260px' }}
          label={t('web.marks.source')}
          description={t('web.marks.source-how')}
          maxLength={500}
          {...field('source')}
        />
        <TextInput required type="date" label={t('web.marks.taken')} {...field('takenOn')} />
      </div>
    </>
  )
}
