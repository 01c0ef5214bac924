import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const functionsFolder = join(import.meta.dirname, '../functions');

/** A function's file in `functions`. */
export interface FunctionFile {
  /** Its folder and file, as in `bss/ConfirmRelation`; the rpc door is `rpc`. */
  readonly name: string;
  readonly path: string;
}

/** The function files there are, read from the folder: adding a file adds a function. A built program has a list in its place (infra/builtIn.ts). */
export function functionFiles(): FunctionFile[] {
  return readdirSync(functionsFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ name: file.slice(0, -'.ts'.length), path: join(functionsFolder, file) }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

/** What a function's file exports. */
export function importFunction({ path }: FunctionFile): Promise<object> {
  return import(path);
}
