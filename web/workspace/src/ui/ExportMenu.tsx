import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { download, FORMS, type Form, type List } from '../api/download'
import { Refusal } from '../api/problem'
import { useI18n } from './i18n'
import { failed } from './notice'

/** The same list, as far as it is chosen, in each form that lists have. */
export function ExportMenu({ list, label }: { list: List; label?: string }) {
  return (
    <FormsMenu
      label={label}
      forms={(Object.keys(FORMS) as Form[]).filter((form) => form !== 'xml' || list.xml)}
      take={(form) => download(list, form)}
    />
  )
}

type FormsProps<F extends Form> = { forms: readonly F[]; take: (form: F) => Promise<void>; label?: string }

/** The button under which something can be had as a file, in some forms. */
export function FormsMenu<F extends Form>({ forms, take, label }: FormsProps<F>) {
  const { t } = useI18n()
  const { mutate, isPending } = useMutation({
    mutationFn: take,
    onError: (e) => failed(t('web.export.failed'), e instanceof Refusal ? e.problem?.message : undefined),
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={isPending} leftSection={<IconDownload size={16} aria-hidden />}>
          {label ?? t('web.export')}
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
