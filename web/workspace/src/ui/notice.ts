import { notifications } from '@mantine/notifications'

/** Says that something was done. */
export const done = (message: string) => notifications.show({ message, color: 'river', withBorder: true })
/** Says that something went wrong where no field and no place on the page can say it. */
export const failed = (title: string, message?: string) =>
  notifications.show({ title, message, color: 'rose', withBorder: true, autoClose: 12_000, role: 'alert' })
