import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '#infra/local/dataFolder.ts';
import { damaged } from '#infra/local/fileFault.ts';

/**
 * Where estates are kept: of each a table, and a folder of the same name with its clock, what it has published, and its places in the
 * table's stream. A file names the one in use, so that one estate takes the place of another whole or not at all.
 */
export interface EstateFolders {
  /** The name of the estate in use; undefined before there is one. */
  current(): string | undefined;
  /** The estate's folder, which is made if it is not there. */
  folderOf(name: string): string;
  /** Names a new estate, and makes its folder before anything else of it, by which it is found again if it stays unfinished. */
  begin(): string;
  use(name: string): void;
  /** The estates that are not in use: replaced, or unfinished. */
  others(): string[];
  /** Removes the folder, as the last that is left of an estate. */
  remove(name: string): void;
}

/** The table of the only estate that a data folder had before it could have several; its files stood in the data folder itself. */
const FIRST_TABLE = 'tributary';
const firstFiles = ['clock', 'events.ndjson', 'stream-places'];

const estateName = /^tributary(-[0-9a-f]{16})?$/;

/** The estates of a data folder. Throws `StartError` where they are not what we have written. One whose files stand in the data folder itself is moved to a folder of its own. */
export function openEstateFolders(data: string): EstateFolders {
  const file = join(data, 'estate');
  const all = join(data, 'estates');
  const folderOf = (name: string) => {
    const folder = join(all, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const current = () => {
    if (!existsSync(file)) return undefined;
    const name = readFileSync(file, 'utf8').trim();
    if (!estateName.test(name)) throw damaged(file, `it names no folder of ${all}`, 'delete it to begin anew');
    return name;
  };
  const use = (name: string) => writeWhole(file, name);
  // Every start that succeeded has written the credentials.
  if (!existsSync(file) && existsSync(join(data, 'demo.env'))) {
    copyFirst(data, folderOf(FIRST_TABLE));
    use(FIRST_TABLE);
  }
  for (const name of firstFiles) rmSync(join(data, name), { force: true });
  return {
    current,
    folderOf,
    use,
    begin() {
      const name = `${FIRST_TABLE}-${randomBytes(8).toString('hex')}`;
      folderOf(name);
      return name;
    },
    others: () => readdirSync(all).filter((name) => estateName.test(name) && name !== current()),
    remove: (name) => rmSync(join(all, name), { recursive: true, force: true }),
  };
}

function copyFirst(data: string, folder: string): void {
  for (const name of firstFiles) {
    if (existsSync(join(data, name))) copyFileSync(join(data, name), join(folder, name));
  }
}
