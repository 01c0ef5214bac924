import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { type Deployed, deployedFunctions } from '#infra/deployed.ts';
import { entries, entryNamespace } from '#infra/entries.ts';

const root = join(import.meta.dirname, '..');

/** Where the bundles go, one folder for each product. */
export const bundleFolder = join(root, '.build');

/** No function may load more than this to answer its first call, because loading is its cold start (docs/decisions.md D33). */
export const BUNDLE_LIMIT_BYTES = 350_000;

/**
 * The folder of the door's parts. It must not be called `rpc`: Lambda would load a folder of that name instead of the
 * file.
 */
const doorFolder = 'door';

const options = {
  alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambdaCredentials.ts') },
  absWorkingDir: root,
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
  // ES modules first: esbuild cannot drop unused code from CommonJS modules, and bundles would be twice as large.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/**
 * Bundles every function into one file. Only the door has several: its entry, one part per product, loaded when that
 * product is first called, and what these share. Answers what went into each file.
 */
export async function bundle(functions?: readonly Deployed[]): Promise<Metafile> {
  const all = functions ?? (await deployedFunctions());
  const isDoor = ({ trigger }: Deployed) => trigger.kind === 'door';
  const [whole, split] = await Promise.all([
    built(
      all.filter((one) => !isDoor(one)),
      all,
      {},
    ),
    built(all.filter(isDoor), all, { splitting: true, chunkNames: `${doorFolder}/[name]-[hash]` }),
  ]);
  const outputs = { ...whole.outputs, ...split.outputs };
  removeOutdatedParts(outputs);
  return { inputs: { ...whole.inputs, ...split.inputs }, outputs };
}

/** The files of a function's bundle, as patterns below `bundleFolder`. */
export function filesOf({ name, trigger }: Deployed): string[] {
  return trigger.kind === 'door' ? [`${name}.mjs`, `${doorFolder}/*.mjs`] : [`${name}.mjs`];
}

async function built(
  own: readonly Deployed[],
  all: readonly Deployed[],
  splitting: Pick<BuildOptions, 'splitting' | 'chunkNames'>,
): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    ...options,
    ...splitting,
    entryPoints: own.map(({ name }) => ({ in: `${entryNamespace}:${name}`, out: name })),
    plugins: [entries(all)],
  });
  for (const { path, contents } of outputFiles) writeChanged(path, contents);
  return metafile;
}

/** Removes parts of earlier builds. Their names contain a hash, and everything in the folder would be packaged. */
function removeOutdatedParts(outputs: Metafile['outputs']): void {
  for (const file of readdirSync(join(bundleFolder, doorFolder))) {
    if (outputs[`.build/${doorFolder}/${file}`] === undefined) rmSync(join(bundleFolder, doorFolder, file));
  }
}

/**
 * Writes a file unless it has this content already. It is replaced as a whole, because another process may be loading
 * it.
 */
export function writeChanged(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
