import { defineConfig } from 'vitest/config'

/** Drives Chromium through a running server. One file after another: they share its records. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
