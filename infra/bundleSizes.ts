import type { Metafile } from 'esbuild';
import { BUNDLE_LIMIT_BYTES } from '#infra/bundle.ts';
import { entryNamespace } from '#infra/entries.ts';

/** What a function loads to answer its first call. */
export interface FirstLoad {
  /** The function, as in `bss/ConfirmRelation`; of the door with the operation, as in `rpc for bss/ConfirmRelation`. */
  readonly name: string;
  /** Every file, with its size; the entry first. */
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  /** Their sum. */
  readonly bytes: number;
  /** Bytes by origin, the largest first: a package, or `tributary` itself. */
  readonly sources: readonly (readonly [source: string, bytes: number])[];
}

/**
 * What each function loads to answer its first call: its entry, all that this imports and, of the door, the part that
 * the call needs.
 */
export function firstLoads({ outputs }: Metafile): FirstLoad[] {
  const entries = Object.keys(outputs).filter(
    (file) => file.endsWith('.mjs') && outputs[file]?.entryPoint?.startsWith(`${entryNamespace}:`),
  );
  return entries.flatMap((entry) => {
    const name = entry.slice('.build/'.length, -'.mjs'.length);
    const parts = (outputs[entry]?.imports ?? []).flatMap(({ path }) => {
      const operation = operationIn(outputs[path]?.entryPoint);
      return operation === undefined ? [] : [{ operation, path }];
    });
    if (parts.length === 0) return [loadOf(name, [entry], outputs)];
    return parts.map(({ operation, path }) => loadOf(`${name} for ${operation}`, [entry, path], outputs));
  });
}

/** The loads that are over the limit. */
export function tooLarge(loads: readonly FirstLoad[]): FirstLoad[] {
  return loads.filter(({ bytes }) => bytes > BUNDLE_LIMIT_BYTES);
}

/** The operation that a part of the door starts from. */
function operationIn(entryPoint: string | undefined): string | undefined {
  return /^functions\/(.*)\.ts$/.exec(entryPoint ?? '')?.[1];
}

function loadOf(name: string, roots: readonly string[], outputs: Metafile['outputs']): FirstLoad {
  const loaded = new Set<string>(roots);
  for (const file of loaded) {
    for (const { external, kind, path } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && !external) loaded.add(path);
    }
  }
  const files = [...loaded].map((file) => ({ file, bytes: outputs[file]?.bytes ?? 0 }));
  return {
    name,
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    sources: sourcesOf([...loaded].map((file) => outputs[file]?.inputs ?? {})),
  };
}

function sourcesOf(inputs: readonly Metafile['outputs'][string]['inputs'][]): [source: string, bytes: number][] {
  const bySource = new Map<string, number>();
  for (const [file, { bytesInOutput }] of inputs.flatMap((one) => Object.entries(one))) {
    const source = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'tributary';
    bySource.set(source, (bySource.get(source) ?? 0) + bytesInOutput);
  }
  return [...bySource].sort(([, one], [, other]) => other - one);
}
