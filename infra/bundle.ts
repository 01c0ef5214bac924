import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { functionFiles } from '#infra/functions.ts';
import { writeChanged } from '#infra/writeChanged.ts';

/** Where the bundles go, one folder a function. */
export const bundleFolder = join(import.meta.dirname, '../.build');

/** No bundle may grow beyond this; bundles are cold starts (design section 10). */
export const BUNDLE_LIMIT_BYTES = 350_000;

const entryNamespace = 'function';

/** The workers that follow the table's stream; the others run on a schedule. */
const streamWorkers: ReadonlySet<string> = new Set(['workers/publishEvents']);

/** Bundles every function by one call, and answers what went into each. */
export async function bundle(): Promise<Metafile> {
  const files = functionFiles();
  const { metafile, outputFiles } = await build({
    entryPoints: files.map(({ name }) => ({ in: `${entryNamespace}:${name}`, out: name })),
    plugins: [handlers(new Map(files.map(({ name, path }) => [name, path])))],
    alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambdaCredentials.ts') },
    absWorkingDir: join(import.meta.dirname, '..'),
    outdir: bundleFolder,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    minify: true,
    keepNames: false,
    sourcemap: 'external',
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // ESM before CommonJS: half of what a bundle would otherwise weigh could not be shaken off.
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  for (const { path, contents } of outputFiles) writeChanged(path, contents);
  return metafile;
}

/** Adds to each file the lines that make it a function: its handler, with production dependencies made while it loads. */
function handlers(paths: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'handlers',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${entryNamespace}:`) }, ({ path }) => ({
        path: path.slice(entryNamespace.length + 1),
        namespace: entryNamespace,
      }));
      onLoad({ filter: /.*/, namespace: entryNamespace }, ({ path }) => ({
        resolveDir: join(import.meta.dirname, '..'),
        loader: 'ts',
        contents: entryOf(path, paths.get(path) ?? ''),
      }));
    },
  };
}

/** What makes a file of `functions` a Lambda function: an operation behind the API, or a job on a schedule or the stream. */
function entryOf(name: string, path: string): string {
  if (!name.startsWith('workers/')) {
    return `
      import { httpHandler } from '#lib/lambda/httpHandler.ts';
      import { operationDeps } from '#lib/lambda/production.ts';
      import { app } from '${path}';
      export const handler = httpHandler(app, operationDeps(process.env));`;
  }
  if (streamWorkers.has(name)) {
    return `
      import { eventBridgeBus } from '#lib/adapters/eventBridge.ts';
      import { streamHandler } from '#lib/lambda/jobHandlers.ts';
      import { workerDeps } from '#lib/lambda/production.ts';
      import { job } from '${path}';
      const bus = eventBridgeBus(process.env.EVENT_BUS_NAME ?? 'default');
      export const handler = streamHandler(job, { deps: workerDeps(process.env), bus });`;
  }
  return `
    import { scheduleHandler } from '#lib/lambda/jobHandlers.ts';
    import { workerDeps } from '#lib/lambda/production.ts';
    import { job } from '${path}';
    export const handler = scheduleHandler(job, { deps: workerDeps(process.env) });`;
}
