import { defineConfig } from 'vitest/config';

// By themselves, because they need a browser, which `npm test` does not.
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    globalSetup: ['test/support/wholeSuite.ts'],
    include: ['test/browser/**/*.browser.ts'],
    setupFiles: ['test/support/eachFile.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
