import { join } from 'node:path';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Background, openBackground } from '#infra/local/background.ts';
import { dropTable, hasTable, makeSilentTable, startStream } from '#infra/local/database.ts';
import { isLoaded, loadDemoEstate } from '#infra/local/demoEstate.ts';
import { type EstateFolders, openEstateFolders } from '#infra/local/estateFolders.ts';
import type { Mailing } from '#infra/local/localMailer.ts';
import type { WrittenSeed } from '#infra/local/seed/form.ts';
import { type SeedFile, type SeedText, seeded, seedOnce } from '#infra/local/seed/seedFile.ts';
import { type Kept, openSnapshots, type Snapshots } from '#infra/local/snapshots.ts';
import { readRows, rowOf } from '#infra/local/tableRows.ts';
import { type TurnableClock, turnableClock } from '#infra/local/turnableClock.ts';
import { openDeliveries } from '#lib/deliveries.ts';
import { type Deps, depsOver } from '#lib/deps.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import type { Provider } from '#lib/jobs/provider.ts';
import { type Ports, randomIds } from '#lib/ports.ts';
import { openTable } from '#lib/table/openTable.ts';
import type { Table } from '#lib/table/table.ts';

/** What a reset replaces: a table, what works on it, and the time it lives in. */
export interface Estate extends Kept {
  readonly clock: TurnableClock;
  readonly deps: Deps;
  readonly background: Background;
}

/** The estate in use, and how to replace it. */
export interface Estates {
  current(): Estate;
  /** Begins the background work: once the emulator listens, because mails lead there. */
  start(): Promise<void>;
  /** Puts a new demo estate in the place of the current one, which goes on as it was if that fails or is killed. It is dropped a moment later. */
  replace(): Promise<void>;
  /** The estate as it was at some moments. */
  readonly snapshots: Pick<Snapshots, 'list' | 'has' | 'remove'>;
  /** Keeps the estate as it is under a name. Nobody may call meanwhile, nor in the next two. */
  snapshot(name: string): Promise<void>;
  /** Makes the estate what it was at a snapshot that there is. */
  restore(name: string): Promise<void>;
  /** The estate in the form of a seed. */
  written(): Promise<WrittenSeed>;
  /** Loads a seed into the estate, all of it or nothing. Throws `SeedError`. */
  load(seed: SeedText): Promise<void>;
  /** Ends the background work; drops the table if it is not to be kept. */
  stop(): Promise<void>;
}

/** What estates are opened over. */
export interface EstatesSetting {
  readonly client: DynamoDBDocumentClient;
  readonly streams: DynamoDBStreamsClient;
  /** The data folder. */
  readonly data: string;
  /** Whether the server is ours, whose streams have at once what was written. */
  readonly isEmbedded: boolean;
  /** Whether the estate is for the next start, too. */
  readonly isKept: boolean;
  readonly masterKey: Buffer;
  readonly mailing: Mailing;
  /** Who applies baseline items. */
  readonly provider: Provider;
  readonly ports: Ports;
  /** What every new estate begins with beside the demo estate, if anything. */
  readonly seed: SeedFile | undefined;
}

interface Opening extends EstatesSetting {
  readonly snapshots: Snapshots;
}

/** Opens the estate that the data folder names, or makes one; what a reset that was killed has left is removed. */
export async function openEstates(given: EstatesSetting): Promise<Estates> {
  const { client, data, isEmbedded, isKept, ports } = given;
  const folders = openEstateFolders(data);
  const snapshots = openSnapshots(client, data, isEmbedded);
  const setting = { ...given, snapshots };
  let estate = (await find(folders, setting)) ?? (await make(folders, setting));
  const dropOthers = async () => {
    for (const name of folders.others()) {
      await dropTable(client, name);
      folders.remove(name);
    }
  };
  // What is not dropped now is dropped by the next start or reset.
  const tidy = () => dropOthers().catch((error) => ports.log({ level: 'error', path: data, error: String(error) }));
  await tidy();
  let tidying = Promise.resolve();
  /** Does what must not be done beside the background's work; with another estate, unless it stays as it is. */
  const atRest = async (work: () => Promise<void>, isAltered: boolean, snapshot?: string) => {
    await estate.background.stop();
    try {
      // What has been written so far is followed now, because what comes of the work is passed over.
      await estate.background.events();
      await work();
      // The one that has followed the stream so far need not look for its place in it.
      const { background } = estate;
      // What a process remembers of an estate, such as its clock and its keys, is of the one before.
      if (isAltered) estate = open(estate.name, folders, setting);
      await background.passOver();
      if (snapshot !== undefined) snapshots.settle(snapshot);
    } finally {
      await estate.background.start();
    }
  };
  return {
    current: () => estate,
    snapshots,
    start: () => estate.background.start(),
    snapshot: (name) => atRest(() => snapshots.take(name, estate), false, name),
    restore: (name) => atRest(() => snapshots.restore(name, estate), true, name),
    async written() {
      const { writtenSeed } = await import('#infra/local/seed/written.ts');
      return writtenSeed((await readRows(client, estate.name)).map(rowOf), estate.deps);
    },
    load: (seed) => atRest(() => seeded(client, estate, seed), false),
    async replace() {
      // An estate that is being made is none in use yet, and would be dropped with the others.
      await tidying;
      await estate.background.stop();
      try {
        estate = await make(folders, setting);
      } finally {
        await estate.background.start();
      }
      tidying = tidy();
    },
    async stop() {
      await tidying;
      await estate.background.stop();
      if (!isKept) await dropTable(client, estate.name).catch(() => undefined);
    },
  };
}

/** The estate in use, with what an earlier version or seed did not put into it; undefined where its table is not there, or not whole. */
async function find(folders: EstateFolders, setting: Opening): Promise<Estate | undefined> {
  const { client, seed, snapshots } = setting;
  const name = folders.current();
  if (name === undefined || !(await hasTable(client, name))) return undefined;
  await snapshots.goOn({ name, folder: folders.folderOf(name) });
  const estate = open(name, folders, setting);
  if (!(await isLoaded(estate.deps))) return undefined;
  await loadDemoEstate(estate.deps);
  if (seed) await seedOnce(client, estate, seed.read());
  return estate;
}

/** Makes a demo estate and has it be the one in use once it is whole. Nothing of its making is published. */
async function make(folders: EstateFolders, setting: Opening): Promise<Estate> {
  const { client, seed } = setting;
  const estate = open(folders.begin(), folders, setting);
  await makeSilentTable(client, estate.name);
  await loadDemoEstate(estate.deps);
  if (seed) await seedOnce(client, estate, seed.read());
  await startStream(client, estate.name);
  await estate.background.passOver();
  folders.use(estate.name);
  return estate;
}

function open(name: string, folders: EstateFolders, setting: Opening): Estate {
  const { client, streams, mailing, masterKey, ports, provider } = setting;
  const folder = folders.folderOf(name);
  const clock = turnableClock(ports.wallNow, join(folder, 'clock'));
  // Ids of its own, because they count on within a burst, whatever time the estate before it lived in.
  const own = { ...ports, now: clock.now, ids: randomIds() };
  const table = openTable(client, name, ports.pause);
  const see = (records: readonly StreamRecord[]) => setting.snapshots.see({ name }, records);
  const working = { clock, deps: depsOver(table, masterKey, own), streams, tableName: name, folder };
  const background = openBackground({ ...working, mailing, provider, see });
  const deps = depsOver(followed(table, background), masterKey, own);
  return { name, folder, clock, deps: { ...deps, deliveries: openDeliveries() }, background };
}

/** The table, with what is written followed by the background. */
function followed(table: Table, background: Pick<Background, 'soon'>): Table {
  return {
    ...table,
    async transact(actions) {
      const cancelled = await table.transact(actions);
      if (cancelled === undefined) background.soon();
      return cancelled;
    },
  };
}
