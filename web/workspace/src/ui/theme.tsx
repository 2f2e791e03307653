import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  DirectionProvider,
  Input,
  type MantineColorsTuple,
  MantineProvider,
} from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { setNonce } from 'get-nonce'
import { type ReactNode, useMemo } from 'react'
import { type I18n, useI18n } from './i18n'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '../../../brand/tokens.css'
import './base.css'
import './shell.css'
import './pieces.css'
import './table.css'

/** The kit wants ten shades; the named ones are those of brand/tokens.css. */
const river: MantineColorsTuple = [
  'var(--river-50)',
  'var(--river-100)',
  '#b9d2e3',
  'var(--river-300)',
  '#5f97bb',
  'var(--river-500)',
  'var(--river-600)',
  'var(--river-700)',
  '#143f5d',
  'var(--river-900)',
]
const rose: MantineColorsTuple = [
  'var(--rose-100)',
  'var(--rose-100)',
  '#f0c4bf',
  '#e29b94',
  '#d0736a',
  '#b84a40',
  'var(--rose-700)',
  'var(--rose-700)',
  '#7f231c',
  '#611a15',
]

const themeIn = (t: I18n['t']) =>
  createTheme({
    primaryColor: 'river',
    primaryShade: 6,
    colors: { river, rose },
    black: '#15202b',
    defaultRadius: 8,
    cursorType: 'pointer',
    fontFamily: 'var(--font-ui)',
    headings: { fontFamily: 'var(--font-display)', fontWeight: '600' },
    components: {
      ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'dark', size: 'lg' } }),
      Button: Button.extend({ defaultProps: { fw: 500 } }),
      InputWrapper: Input.Wrapper.extend({
        defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] },
      }),
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('web.close') } } },
      // Not by the component itself: the sign-in page has no dialog and shall not load one.
      Modal: {
        defaultProps: {
          centered: true,
          overlayProps: { backgroundOpacity: 0.35, color: '#10304a' },
          closeButtonProps: { 'aria-label': t('web.close') },
        },
      },
    },
  })

/** The kit's own greys and reds fail WCAG's contrast on our paper. */
const resolver: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-dimmed': 'var(--ink-600)',
    '--mantine-color-placeholder': '#687785',
    '--mantine-color-error': 'var(--rose-700)',
    '--input-asterisk-color': 'var(--rose-700)',
  },
  light: {},
  dark: {},
})

const nonce = () => document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''
setNonce(nonce()) // the scroll lock of dialogs writes a style element of its own

export function Theme({ children }: { children: ReactNode }) {
  const { dir, t } = useI18n()
  const theme = useMemo(() => themeIn(t), [t])
  return (
    <DirectionProvider key={dir} initialDirection={dir} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={resolver} forceColorScheme="light" getStyleNonce={nonce}>
        <Notifications limit={2} position={dir === 'rtl' ? 'bottom-left' : 'bottom-right'} role="status" />
        {children}
      </MantineProvider>
    </DirectionProvider>
  )
}
