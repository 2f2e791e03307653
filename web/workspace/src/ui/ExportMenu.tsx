import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { download, FORMS, type Form, type List } from '../api/download'
import { Refusal } from '../api/problem'
import { useI18n } from './i18n'
import { failed } from './notice'

/** The same list, as far as it is chosen, in each form that lists have. */
export function ExportMenu({ list }: { list: List }) {
  return (
    <FormsMenu
      forms={(Object.keys(FORMS) as Form[]).filter((form) => form !== 'xml' || list.xml)}
      take={(form) => download(list, form)}
    />
  )
}

/** The button under which something can be had as a file, in some forms. */
export function FormsMenu<F extends Form>({ forms, take }: { forms: readonly F[]; take: (form: F) => Promise<void> }) {
  const { t } = useI18n()
  const { mutate, isPending } = useMutation({
    mutationFn: take,
    onError: (e) => failed(t('web.export.failed'), e instanceof Refusal ? e.problem?.message : undefined),
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={isPending} leftSection={<IconDownload size={16} aria-hidden />}>
          {t('web.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {forms.map((form) => (
          <Menu.Item key={form} onClick={() => mutate(form)}>
            {t(`web.export.${form}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
