import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { catalogues } from './catalogue'

const server = process.env.HELIANTHUS_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/app/',
  plugins: [catalogues(), react()],
  build: {
    // The browsers of public offices (360, UOS) trail Chromium by years.
    target: ['chrome108', 'firefox115', 'safari16'],
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs is loaded in a few large parts; dialogs, menus and lists come with the first page that has them.
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 4 },
            {
              name: 'tanstack',
              test: /node_modules[\\/]@tanstack[\\/](react-router|router-core|history|react-query|query-core|store|react-store)[\\/]/,
              priority: 3,
            },
            {
              name: 'overlays',
              test: /(@mantine[\\/]core[\\/].*[\\/](Modal|ModalBase|Overlay|Popover|Menu|FocusTrap|ScrollArea|Combobox|Floating|Portal|Avatar|Indicator)[\\/]|@floating-ui|react-remove-scroll|node_modules[\\/]tabbable)/,
              priority: 1,
            },
            {
              name: 'kit',
              test: /(@mantine[\\/](core[\\/].*[\\/](core|Button|Input|InputBase|TextInput|PasswordInput|NativeSelect|Alert|Loader|CloseButton|ActionIcon|UnstyledButton|Skeleton|Transition|Paper|Text|Box|Group)[\\/]|hooks|form|store|notifications)|[\\/]src[\\/](ui[\\/](i18n|Page|Panel|Tag|ProblemAlert|LinkButton|Logo|notice|theme)|api[\\/](client|problem|session))\.|createReactComponent|clsx|get-nonce)/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': server } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/ui/test/setup.ts'] },
})
