import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { type Deployed, deployedFunctions } from '#infra/deployed.ts';
import { bundleDoor, DOOR_FOLDER } from '#infra/door.ts';
import { entries, entryNamespace } from '#infra/entries.ts';
import { withoutUnusedParts } from '#infra/standIns.ts';

const root = join(import.meta.dirname, '..');

/** Where the bundles go, one folder for each product. */
export const bundleFolder = join(root, '.build');

/** No function may load more than this to answer its first call, because loading is its cold start (docs/decisions.md D33). */
export const BUNDLE_LIMIT_BYTES = 250_000;

/**
 * Functions in several files, and the folders of their parts: the door loads an operation when it is first called, and the outbox loads
 * SMTP only where that is used. No folder may be called like its function: Lambda would load it instead of the file.
 */
const partFolders: Readonly<Record<string, string>> = { rpc: DOOR_FOLDER, 'workers/outbox': 'mail' };

/** How functions are bundled. */
export const bundling = {
  alias: {
    '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambdaCredentials.ts'),
    'node:async_hooks': join(import.meta.dirname, 'oneCall.ts'),
  },
  absWorkingDir: root,
  outdir: bundleFolder,
  outExtension: { '.js': '.mjs' },
  write: false,
  bundle: true,
  minify: true,
  keepNames: false,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // ES modules first: esbuild cannot drop unused code from CommonJS modules, and bundles would be twice as large.
  mainFields: ['module', 'main'],
  plugins: [withoutUnusedParts],
  logLevel: 'warning',
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/**
 * Bundles every function into one file. A few have several: their entry, parts that are loaded when they are first needed, and what these
 * share. Source maps are written beside them if they are wanted: they take ten times as much, and the same commit can be built again for
 * them. Answers what went into each file.
 */
export async function bundle(
  functions?: readonly Deployed[],
  maps: 'with maps' | 'without maps' = 'without maps',
): Promise<Metafile> {
  const all = functions ?? (await deployedFunctions());
  const mapping = maps === 'with maps' ? ({ sourcemap: 'external' } as const) : {};
  const whole = all.filter(({ name }) => partFolders[name] === undefined);
  const split = all.filter(({ name, trigger }) => trigger.kind !== 'door' && partFolders[name] !== undefined);
  const builder = (options: BuildOptions, isDraft?: boolean) => built({ ...mapping, ...options }, isDraft);
  const metafiles = await Promise.all([
    builder(entryOptions(whole, all)),
    ...split.map((one) => builder({ ...entryOptions([one], all), splitting: true, chunkNames: chunkNamesOf(one) })),
    ...all.filter(({ trigger }) => trigger.kind === 'door').map((door) => bundleDoor(door, all, builder)),
  ]);
  const outputs = Object.assign({}, ...metafiles.map((one) => one.outputs));
  removeOutdated(outputs);
  return { inputs: Object.assign({}, ...metafiles.map((one) => one.inputs)), outputs };
}

function chunkNamesOf({ name }: Deployed): string {
  return `${partFolders[name]}/[name]-[hash]`;
}

function entryOptions(own: readonly Deployed[], all: readonly Deployed[]): BuildOptions {
  const entryPoints = own.map(({ name }) => ({ in: `${entryNamespace}:${name}`, out: name }));
  return { entryPoints, plugins: [entries(all)] };
}

/** The files of a function's bundle, as patterns below `bundleFolder`. */
export function filesOf({ name }: Deployed): string[] {
  const folder = partFolders[name];
  return folder === undefined ? [`${name}.mjs`] : [`${name}.mjs`, `${folder}/*.mjs`];
}

/** Builds as all functions are built. A draft only tells what would go in. */
async function built({ plugins = [], ...options }: BuildOptions, isDraft = false): Promise<Metafile> {
  const drafting = isDraft ? ({ minify: false, sourcemap: false } as const) : {};
  const { metafile, outputFiles } = await build({
    ...bundling,
    ...options,
    ...drafting,
    plugins: [...plugins, ...bundling.plugins],
    write: false,
    metafile: true,
  });
  if (!isDraft) for (const { path, contents } of outputFiles) writeChanged(path, contents);
  return metafile;
}

/** Removes parts of earlier builds, whose names contain a hash, because everything in the folder would be packaged; and their maps. */
function removeOutdated(outputs: Metafile['outputs']): void {
  for (const file of Object.keys(outputs)) {
    if (outputs[`${file}.map`] === undefined) rmSync(join(root, `${file}.map`), { force: true });
  }
  for (const folder of Object.values(partFolders)) {
    for (const file of readdirSync(join(bundleFolder, folder))) {
      if (outputs[`.build/${folder}/${file}`] === undefined) rmSync(join(bundleFolder, folder, file));
    }
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
