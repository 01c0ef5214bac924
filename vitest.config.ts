import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/wholeSuite.ts'],
    setupFiles: ['test/support/eachFile.ts'],
    // Files share their modules, which are loaded and made fast once only. What a module has to undo goes through test/support/fileEnd.ts.
    isolate: false,
    // One for each core: the embedded engines have no work of their own while their tests have.
    maxWorkers: '100%',
    // The tests that run beside each other in one file wait for processes they have started, which need the same cores.
    maxConcurrency: 3,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 20_000,
  },
});
