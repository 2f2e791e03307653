import { Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useI18n } from './i18n'

/** Keeps the cursors of the pages before this one: a cursor leads onward only. `of` names the list; another list starts anew. */
export function useCursors(of: string) {
  const [kept, setKept] = useState<{ of: string; before: string[]; cursor?: string }>({ of, before: [] })
  const now = kept.of === of ? kept : { of, before: [], cursor: undefined }
  return {
    cursor: now.cursor,
    page: now.before.length + 1,
    onward: (next: string) => setKept({ of, before: [...now.before, now.cursor ?? ''], cursor: next }),
    back: () => setKept({ of, before: now.before.slice(0, -1), cursor: now.before.at(-1) || undefined }),
  }
}

type Props = { cursors: ReturnType<typeof useCursors>; next?: string; shown: number }

export function CursorPager({ cursors, next, shown }: Props) {
  const { t, number } = useI18n()
  return (
    <div className="table-foot">
      <span className="soft small" role="status">
        {shown > 0 && t('web.list.shown', { Count: shown })}
      </span>
      {(cursors.page > 1 || next) && (
        <nav className="row" aria-label={t('web.list.pages')}>
          <Button
            variant="default"
            size="sm"
            disabled={cursors.page === 1}
            leftSection={<IconChevronLeft size={16} className="flip" aria-hidden />}
            onClick={cursors.back}
          >
            {t('web.list.previous')}
          </Button>
          <span className="small nums">{t('web.list.page', { Number: number(cursors.page) })}</span>
          <Button
            variant="default"
            size="sm"
            disabled={!next}
            rightSection={<IconChevronRight size={16} className="flip" aria-hidden />}
            onClick={() => next && cursors.onward(next)}
          >
            {t('web.list.next')}
          </Button>
        </nav>
      )}
    </div>
  )
}
