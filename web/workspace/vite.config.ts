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
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            {
              name: 'tanstack',
              test: /node_modules[\\/]@tanstack[\\/](react-router|router-core|history|react-query|query-core|store|react-store)[\\/]/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': server } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/ui/test/setup.ts'] },
})
