import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** On a busy machine what starts processes, packages, or makes thousands of calls at once takes its time. */
const PATIENCE_MS = 300_000;

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/wholeSuite.ts'],
    setupFiles: ['test/support/eachFile.ts'],
    // Files share their modules, which are loaded and made fast once only. What a module has to undo goes through test/support/fileEnd.ts.
    isolate: false,
    // More than cores: what waits for an engine, another process, or a time to pass, leaves its core to the others.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // The tests that run beside each other in one file wait for processes they have started, which need the same cores.
    maxConcurrency: 3,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    expect: { poll: { timeout: 60_000 } },
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
