import { notifications } from '@mantine/notifications'

/** Says that something was done. */
export function done(message: string) {
  notifications.hide(message) // what is said twice is shown once
  notifications.show({ id: message, message, color: 'river', withBorder: true, autoClose: 3_000 })
}
/** Says that something went wrong where no field and no place on the page can say it. */
export const failed = (title: string, message?: string) =>
  notifications.show({ title, message, color: 'rose', withBorder: true, autoClose: 12_000, role: 'alert' })
