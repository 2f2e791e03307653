import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { download, FORMS, type Form, type List } from '../api/download'
import { Refusal } from '../api/problem'
import { useI18n } from './i18n'
import { failed } from './notice'

/** The button under which a list can be had as a file. */
export function ExportButton({ busy, children }: { busy?: boolean; children: ReactNode }) {
  const { t } = useI18n()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={busy} leftSection={<IconDownload size={16} aria-hidden />}>
          {t('web.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  )
}

/** The same list, as far as it is chosen, in each form that lists have. */
export function ExportMenu({ list }: { list: List }) {
  const { t } = useI18n()
  const { mutate, isPending } = useMutation({
    mutationFn: (form: Form) => download(list, form),
    onError: (e) => failed(t('web.export.failed'), e instanceof Refusal ? e.problem?.message : undefined),
  })
  return (
    <ExportButton busy={isPending}>
      {(Object.keys(FORMS) as Form[]).map((form) => (
        <Menu.Item key={form} onClick={() => mutate(form)}>
          {t(`web.export.${form}`)}
        </Menu.Item>
      ))}
    </ExportButton>
  )
}
