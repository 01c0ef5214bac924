import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileFault } from '#infra/local/fileFault.ts';
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
    // It has keys in it, and is often made within a project: one that we have made keeps itself out of version control.
    if (mkdirSync(data, { recursive: true }) !== undefined) writeWhole(join(data, '.gitignore'), '*\n');
  } catch (error) {
    const why = reasonOf(error);
    throw new StartError(`The data folder ${data} cannot be used: ${why}; name another by --data or TRIBUTARY_DATA.`);
  }
  const release = await patiently(() => hold(lockAddress(data)));
  if (release === undefined) {
    throw new StartError(
      `Another emulator is running on the data folder ${data}; stop it, or name another folder by --data or TRIBUTARY_DATA.`,
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

/**
 * Writes a file that only its owner may read. Whoever reads it, now or after a crash, finds the old content or the new, never a part.
 * Throws `StartError` where the disk is full or the folder is not to be written to.
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const draft = `${file}.new`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    throw fileFault(file, error) ?? error;
  }
}

/** The master key of a data folder, made on first use; only its owner may read it. Throws `StartError`. */
export function masterKeyIn(folder: string): Buffer {
  const file = join(folder, 'master.key');
  if (!existsSync(file)) writeWhole(file, randomBytes(32).toString('hex'));
  chmodSync(file, 0o600);
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new StartError(
      `${file} does not hold a key of 64 hex digits; restore it, or delete ${folder} to begin anew.`,
    );
  }
  return Buffer.from(text, 'hex');
}
