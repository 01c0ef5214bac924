import { accessSync, constants, existsSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '#infra/local/dataFolder.ts';
import { fileFault } from '#infra/local/fileFault.ts';
import { PREPARED_FOR, preparedDatabase } from '#infra/local/preparedDatabase.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { openTemporaryFolder } from '#infra/local/temporaryFolder.ts';

/** A file system in memory, where a commit waits for no disk. */
const MEMORY = '/dev/shm';
/** Containers often have one of 64 MB, which a long run fills. */
const ROOM_BYTES = 2 ** 30;

/** Where the engine keeps its tables. */
export interface EngineDatabase {
  /** Undefined for the engine's own memory. */
  readonly file: string | undefined;
  /** Removes what is not to be kept. */
  close(): Promise<void>;
}

/**
 * The database of an engine of this version: the file to be kept, or a temporary one. A new file is prepared where the engine is known
 * to take it. Throws `StartError`.
 */
export function openEngineDatabase(
  kept: string | undefined,
  version: string | undefined,
  memory: string = MEMORY,
): EngineDatabase {
  if (version !== PREPARED_FOR) return { file: kept, close: async () => undefined };
  if (kept !== undefined) {
    prepare(kept);
    return { file: kept, close: async () => undefined };
  }
  const folder = openTemporaryFolder(isRoomy(memory) ? memory : tmpdir());
  const file = join(folder.path, 'tributary.db');
  prepare(file);
  return { file, close: folder.close };
}

function prepare(file: string): void {
  if (existsSync(file)) return;
  try {
    // The log of an earlier file that was deleted would be taken for this one's.
    for (const log of [`${file}-wal`, `${file}-shm`]) rmSync(log, { force: true });
    writeWhole(file, preparedDatabase());
  } catch (error) {
    throw fileFault(file, error) ?? new StartError(`${file} cannot be written: ${reasonOf(error)}.`);
  }
}

function isRoomy(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
