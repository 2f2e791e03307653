import { defineConfig } from 'vitest/config'

const servers = process.env.HELIANTHUS_URL?.split(' ').length ?? 1

/** Drives Chromium through running servers, a worker each. What one worker does stays one after another: its files share records. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    fileParallelism: servers > 1,
    maxWorkers: servers,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
})
