import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { goto, settled, shot, shrink, signIn, sound, URL_OF_SERVER, visit, words } from './browser'

// An examiner brings a list of earlier marks in, asks what stands against a name, decides with a reason, undoes it, and takes the
// report away.
visit('a name is cleared', 'en', 'desk', async (v) => {
  const { page, context } = v
  const t = words('en')
  const own = randomUUID().slice(0, 4)
  await signIn(v, 'examiner@alpha.demo', 'en')

  await goto(page, '/earlier-marks')
  await page.getByRole('button', { name: t('web.marks.import') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('web.marks.list'), { exact: false }).first().fill(`List ${own}`)
  await dialog.getByLabel(t('web.marks.source'), { exact: false }).first().fill('Gazette')
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'marks.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `sign,kind,number,office,holder,class,status\n示範葵花${own},trade mark,${own}-1,XA,Demo Ltd,31,registered\n世范葵花${own},trade mark,${own}-2,XA,Demo Ltd,31,pending\n`,
    ),
  })
  await page.getByRole('button', { name: t('web.import.commit') }).click()
  await page.getByText(t('web.import.status.done'), { exact: true }).first().waitFor()
  await page
    .getByRole('link', { name: t('web.marks.nav') })
    .last()
    .click()
  await page.getByRole('link', { name: `List ${own}` }).click()
  await page.getByRole('cell', { name: `示範葵花${own}`, exact: true }).waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'earlier-marks')

  await goto(page, '/clearance/new')
  const field = (name: string) => page.locator(`[data-path="${name}"]`)
  await field('names.0.text').fill('——')
  await field('market').fill('XA')
  await page.getByRole('button', { name: t('web.clearance.ask') }).click()
  await page.getByText(t('problem.clearance-report.name.title')).waitFor()
  await field('names.0.text').fill(`示范葵花${own}`)
  await page.getByRole('button', { name: t('web.clearance.ask') }).click()
  await page.getByRole('heading', { level: 1, name: `示范葵花${own}` }).waitFor()
  const finding = page.getByRole('listitem').filter({ hasText: `示範葵花${own}` })
  await finding.getByText(t('clearance.likeness.script-variant')).waitFor()
  await finding.getByRole('button', { name: t('web.clearance.decide') }).click()
  await finding.getByLabel(t('web.clearance.decision')).selectOption('conflict')
  await finding.getByLabel(t('web.clearance.reason')).fill('The same word for the same goods')
  await finding.getByRole('button', { name: t('web.clearance.decide') }).click()
  await finding.getByText('The same word for the same goods').waitFor()
  await settled(page)
  await sound(page)
  await shot(page, 'clearance-report')
  const path = new URL(page.url()).pathname
  const id = path.slice(path.lastIndexOf('/') + 1)
  const table = await context.request.get(`${URL_OF_SERVER}/api/v1/clearance-reports/${id}/export?format=csv`)
  expect(await table.text()).toContain('The same word for the same goods')
  await finding.getByRole('button', { name: t('web.clearance.undo') }).click()
  await finding.getByRole('button', { name: t('web.clearance.decide') }).waitFor()

  await shrink(page)
  await settled(page)
  await shot(page, 'clearance-report-phone')
  await goto(page, '/clearance')
  await page.getByRole('link', { name: `示范葵花${own}` }).waitFor()
  await shot(page, 'clearance-phone')
})
