import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { hold, lockAddress, type Release } from '#infra/local/folderLock.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { openTemporaryFolder } from '#infra/local/temporaryFolder.ts';

/** How long a start waits for an emulator that is just stopping. */
const PATIENCE_MS = 2500;
const RETRY_MS = 50;

/** Where an emulator keeps its files. */
export interface DataFolder {
  readonly path: string;
  /** The embedded DynamoDB's file; undefined when nothing is to be kept. */
  readonly databaseFile: string | undefined;
  close(): Promise<void>;
}

/** Takes a folder for this process alone, or for `:memory:` makes a temporary one. Throws `StartError`. */
export async function openDataFolder(data: string): Promise<DataFolder> {
  if (data === ':memory:') {
    const { path, close } = openTemporaryFolder(tmpdir());
    return { path, databaseFile: undefined, close };
  }
  try {
    mkdirSync(data, { recursive: true });
  } catch (error) {
    throw new StartError(`The data folder ${data} cannot be used: ${reasonOf(error)}; set TRIBUTARY_DATA to another.`);
  }
  const release = await patiently(() => hold(lockAddress(data)));
  if (release === undefined) {
    throw new StartError(
      `Another emulator is running on the data folder ${data}; stop it, or set TRIBUTARY_DATA to another folder.`,
    );
  }
  return { path: data, databaseFile: join(data, 'tributary.db'), close: release };
}

async function patiently(take: () => Promise<Release | undefined>): Promise<Release | undefined> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const release = await take();
    if (release !== undefined || performance.now() > deadline) return release;
    await setTimeout(RETRY_MS);
  }
}
