import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { functionFiles } from '#infra/functions.ts';

/** Where the bundles go, one folder a function. */
export const bundleFolder = join(import.meta.dirname, '../.build');

/** No bundle may grow beyond this; bundles are cold starts (design section 10). */
export const BUNDLE_LIMIT_BYTES = 350_000;

const entryNamespace = 'function';

/** Bundles every function by one call, and answers what went into each. */
export async function bundle(): Promise<Metafile> {
  const files = functionFiles();
  const { metafile } = await build({
    entryPoints: files.map(({ name }) => ({ in: `${entryNamespace}:${name}`, out: name })),
    plugins: [handlers(new Map(files.map(({ name, path }) => [name, path])))],
    alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambdaCredentials.ts') },
    absWorkingDir: join(import.meta.dirname, '..'),
    outdir: bundleFolder,
    outExtension: { '.js': '.mjs' },
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
  return metafile;
}

/** Adds to each operation the lines that make it a function: its handler, with production dependencies made while it loads. */
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
        contents: `
          import { lambdaHandler } from '#lib/lambda.ts';
          import { productionDeps } from '#lib/production.ts';
          import { app } from '${paths.get(path)}';
          export const handler = lambdaHandler(app, productionDeps(process.env));`,
      }));
    },
  };
}
