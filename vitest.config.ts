import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What starts processes, packages, or makes thousands of calls at once: on a busy machine it takes its time. */
const slow = [
  'test/{local,model,package,races,sdk}/**/*.test.ts',
  'test/{faults,replays}.test.ts',
  'test/infra/{bundles,coherence,installed,offline,operatorKey,standIns,template}.test.ts',
  'test/workers/expireInvitations.test.ts',
];
const PATIENCE_MS = 300_000;

/** What holds for the files of every project. They do not extend the whole, whose own set-up is to be done once, not once in each. */
const shared = {
  setupFiles: ['test/support/eachFile.ts'],
  // Files share their modules, which are loaded and made fast once only. What a module has to undo goes through test/support/fileEnd.ts.
  isolate: false,
  // The tests that run beside each other in one file wait for processes they have started, which need the same cores.
  maxConcurrency: 3,
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
};

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    globalSetup: ['test/support/wholeSuite.ts'],
    // More than cores: what waits for an engine, another process, or a time to pass, leaves its core to the others.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    projects: [
      {
        test: {
          ...shared,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'slow',
          include: slow,
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
});
