import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import type { Deployed } from '#infra/deployed.ts';
import { entries, entryNamespace, KERNEL, kernelEntry } from '#infra/entries.ts';

/** Where the door's kernel and parts are, below the folder of the bundles. */
export const DOOR_FOLDER = 'door';

const root = join(import.meta.dirname, '..');
const kernelFile = `.build/${DOOR_FOLDER}/${KERNEL}.mjs`;
const valibotFile = 'node_modules/valibot/dist/index.mjs';

/** Builds as all functions are built. `isDraft` writes nothing. */
type Builder = (options: BuildOptions, isDraft?: boolean) => Promise<Metafile>;

/** By file, what a part takes of it from the kernel. */
type Shared = ReadonlyMap<string, readonly string[]>;

/**
 * Bundles the door's kernel, which is all that it loads at once, and for each operation a part that is loaded when it is first asked for.
 * A part takes what it can from the kernel and brings the rest, cut down to what it uses. So its first call loads no more than it needs,
 * and does not grow with what other operations share.
 */
export async function bundleDoor(door: Deployed, all: readonly Deployed[], build: Builder): Promise<Metafile> {
  const operations = all.filter(({ trigger }) => trigger.kind === 'operation');
  const partPoints = operations.map(({ name, path }) => ({
    in: path,
    out: `${DOOR_FOLDER}/${name.replace('/', '.')}`,
  }));
  const kernelPoint = { in: `${KERNEL}:${KERNEL}`, out: `${DOOR_FOLDER}/${KERNEL}` };
  const kernelOf = (exported: string) => ({
    entryPoints: [kernelPoint],
    plugins: [virtual(`${kernelEntry(door.path, all)}\n${exported}`)],
  });
  // One bundle tells what all parts need as well as one for each, in a tenth of the time.
  const allParts = partPoints.map(({ in: path }, nth) => `export * as part${nth} from ${JSON.stringify(path)};`);
  const [inside, needed] = await Promise.all([
    build(kernelOf(''), true),
    build({ entryPoints: [kernelPoint], plugins: [virtual(allParts.join('\n'))] }, true),
  ]);
  const shared = await sharedBy(Object.keys(inside.inputs), Object.keys(needed.inputs));
  const entryPoints = [{ in: `${entryNamespace}:${door.name}`, out: door.name }];
  const [entry, kernel, parts] = await Promise.all([
    build({ entryPoints, plugins: [entries(all)], external: [`./${DOOR_FOLDER}/*`] }),
    build(kernelOf(exportsOf(shared))),
    build({ entryPoints: partPoints, plugins: [takenFromKernel(shared)] }),
  ]);
  const ofParts = Object.keys(parts.outputs).filter((file) => file.endsWith('.mjs'));
  return {
    inputs: { ...inside.inputs, ...needed.inputs },
    outputs: {
      ...kernel.outputs,
      ...importing(parts.outputs, [importOf(kernelFile, 'import-statement')]),
      ...importing(entry.outputs, [
        importOf(kernelFile, 'import-statement'),
        ...ofParts.map((file) => importOf(file, 'dynamic-import')),
      ]),
    },
  };
}

/** What the modules that the kernel lacks import from those that it has. */
async function sharedBy(inside: readonly string[], needed: readonly string[]): Promise<Shared> {
  const has = new Set(inside);
  const names = new Map<string, Set<string>>();
  const valibot = Object.keys(await import('valibot'));
  const take = (file: string, taken: readonly string[]) => {
    if (has.has(file)) names.set(file, new Set([...(names.get(file) ?? []), ...taken]));
  };
  for (const file of needed.filter((one) => one.endsWith('.ts') && !has.has(one))) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, members = '', from = ''] of text.matchAll(/^import \{([^}]*)\} from '#(lib\/[^']+)';$/gm)) {
      take(from, valuesIn(members));
    }
    if (/^import \* as v from 'valibot';$/m.test(text)) {
      const used = [...text.matchAll(/\bv\.(\w+)/g)].map(([, name = '']) => name);
      take(
        valibotFile,
        used.filter((name) => valibot.includes(name)),
      );
    }
  }
  return new Map([...names].map(([file, taken]) => [file, [...taken].toSorted()]));
}

/** The members of an import that are no types, by the names that they have where they are from. */
function valuesIn(members: string): string[] {
  return members
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '' && !member.startsWith('type '))
    .map((member) => member.replace(/ as .*$/, ''));
}

/** Names of the kernel's exports tell files apart. */
const exportedAs = (shared: Shared, file: string, name: string) => `${name}_${[...shared.keys()].indexOf(file)}`;

function exportsOf(shared: Shared): string {
  return [...shared]
    .map(([file, names]) => {
      const members = names.map((name) => `${name} as ${exportedAs(shared, file, name)}`);
      return `export { ${members.join(', ')} } from ${JSON.stringify(join(root, file))};`;
    })
    .join('\n');
}

function virtual(contents: string): Plugin {
  return {
    name: 'kernel',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: new RegExp(`^${KERNEL}:`) }, () => ({ path: KERNEL, namespace: KERNEL }));
      onLoad({ filter: /.*/, namespace: KERNEL }, () => ({ contents, loader: 'ts', resolveDir: root }));
    },
  };
}

/** Replaces what the kernel has by what it exports. */
function takenFromKernel(shared: Shared): Plugin {
  const file = `./${KERNEL}.mjs`;
  return {
    name: 'takenFromKernel',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: new RegExp(`^\\./${KERNEL}\\.mjs$`) }, () => ({ path: file, external: true }));
      onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => {
        const own = path.slice(root.length + 1);
        const members = shared.get(own)?.map((name) => `${exportedAs(shared, own, name)} as ${name}`);
        return members && { contents: `export { ${members.join(', ')} } from '${file}';`, loader: 'js' };
      });
    },
  };
}

type Import = Metafile['outputs'][string]['imports'][number];

function importOf(path: string, kind: Import['kind']): Import {
  return { path, kind };
}

/** The outputs of a build with what they import, where esbuild knows only that it is outside. */
function importing(outputs: Metafile['outputs'], imports: Import[]): Metafile['outputs'] {
  return Object.fromEntries(Object.entries(outputs).map(([file, output]) => [file, { ...output, imports }]));
}
