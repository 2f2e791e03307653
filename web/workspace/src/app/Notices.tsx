import { ActionIcon, Indicator, Popover } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, body } from '../api/client'
import { may, useSession } from '../api/session'
import { finished } from '../api/task'
import { useI18n } from '../ui/i18n'
import { TaskTag } from '../ui/TaskProgress'

const recent = queryOptions({
  queryKey: ['tasks', 'recent'],
  queryFn: () => body(api.GET('/api/v1/tasks', { params: { query: { limit: 8 } } })),
  // Long work is looked at more often while some of it goes on.
  refetchInterval: (q) => (q.state.data?.items.some((t) => !finished(t)) ? 5_000 : 60_000),
})

/** What the house does or has done for its people of late. */
export function Notices() {
  const { t, word, instant } = useI18n()
  const session = useSession()
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ ...recent, enabled: may(session, 'task:read') })
  const items = data?.items ?? []
  const going = items.filter((x) => !finished(x)).length
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={330} trapFocus returnFocus>
      <Indicator disabled={!going} color="#e3a008" size={9} offset={6}>
        <Popover.Target>
          <ActionIcon
            aria-label={going ? t('web.notices.going', { Count: going }) : t('web.notices')}
            onClick={() => setOpen((o) => !o)}
          >
            <IconBell size={20} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label={t('web.notices')}>
        {items.length === 0 ? (
          <p className="soft small">{t('web.notices.none')}</p>
        ) : (
          <ul className="list">
            {items.map((x) => (
              <li key={x.id}>
                <span>{word('task.kind.', x.kind)}</span>
                <span className="end">
                  <TaskTag status={x.status} />
                </span>
                <span className="sub">{instant(x.updatedAt)}</span>
              </li>
            ))}
          </ul>
        )}
        <Link to="/tasks" className="small" onClick={() => setOpen(false)}>
          {t('web.notices.all')}
        </Link>
      </Popover.Dropdown>
    </Popover>
  )
}
