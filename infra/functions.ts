import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const functionsFolder = join(import.meta.dirname, '../functions');

/** One deployed function: a file in `functions`. */
export interface FunctionFile {
  /** Its folder and file, as in `bss/ConfirmRelation`; the rpc door is `rpc`. */
  readonly name: string;
  readonly path: string;
}

/** Every function there is, read from the folder: adding a file adds a function. */
export function functionFiles(): FunctionFile[] {
  return readdirSync(functionsFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ name: file.slice(0, -'.ts'.length), path: join(functionsFolder, file) }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}
