import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { writeWhole } from '#infra/local/dataFolder.ts';
import { type KeptFiles, openRememberedRows } from '#infra/local/rememberedRows.ts';
import { putBack, putBackSome, type RawRow, readRows } from '#infra/local/tableRows.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';

/** Where an estate keeps what is not in its table, and how its table is called. */
export interface Kept {
  readonly name: string;
  readonly folder: string;
}

/** A snapshot as it is listed; the time is ISO 8601, UTC. */
export interface ListedSnapshot {
  readonly name: string;
  readonly takenAt: string;
  readonly sizeBytes: number;
}

/** Estates as they were at some moments, each under a name. They outlive a reset, and, in a data folder that is kept, the process. */
export interface Snapshots {
  /** Oldest first. */
  list(): ListedSnapshot[];
  has(name: string): boolean;
  /** Keeps an estate, which must be at rest, as it is now, in the place of what the name stood for before. */
  take(name: string, estate: Kept): Promise<void>;
  /** Makes an estate, which must be at rest, what it was at a snapshot. If that is cut short, {@link Snapshots.goOn} ends it. */
  restore(name: string, estate: Kept): Promise<void>;
  /** Ends a restoration of the estate that was cut short. */
  goOn(estate: Kept): Promise<void>;
  /** Answers whether there was one of the name. */
  remove(name: string): boolean;
  /** Notes what the stream of an estate's table tells of. */
  see(estate: Pick<Kept, 'name'>, records: readonly StreamRecord[]): void;
  /** Notes that an estate is what it was at a snapshot, and that the stream was followed so far. */
  settle(name: string): void;
}

/** Names that are file names everywhere. */
export const snapshotName = /^[0-9A-Za-z][\w.-]{0,63}$/;

/** What of an estate is kept in files. Its places in the stream are not: what was written by the time of a snapshot has been followed. */
const files = ['clock', 'events.ndjson', 'mails.ndjson', 'seed'] as const;

interface Content {
  readonly rows: readonly RawRow[];
  readonly files: KeptFiles;
}

/**
 * The snapshots of a data folder, each a file of JSON that only its owner may read. What is brought back is compared with what is there,
 * row by row; of a snapshot that is remembered, only what the stream tells of has to be written, where that tells of everything at once.
 */
export function openSnapshots(client: DynamoDBDocumentClient, data: string, isEmbedded: boolean): Snapshots {
  const folder = join(data, 'snapshots');
  const fileOf = (name: string) => join(folder, `${name}.json`);
  const has = (name: string) => snapshotName.test(name) && existsSync(fileOf(name));
  const remains = ({ folder }: Kept) => join(folder, 'restoring');
  const remembered = openRememberedRows();
  const stampOf = (name: string) => {
    const { mtimeMs, size } = statSync(fileOf(name));
    return `${mtimeMs} ${size}`;
  };
  const restore: Snapshots['restore'] = async (name, estate) => {
    const then = isEmbedded ? remembered.find(name, estate.name, stampOf(name)) : undefined;
    const was = then ?? contentIn(fileOf(name));
    writeWhole(remains(estate), name);
    if ('written' in was) await putBackSome(client, estate.name, was.written.values(), was.rows);
    else {
      await putBack(client, estate.name, was.rows);
      remembered.remember(name, estate.name, stampOf(name), was);
    }
    for (const file of files) {
      const text = was.files[file];
      if (text === undefined) rmSync(join(estate.folder, file), { force: true });
      else writeWhole(join(estate.folder, file), text);
    }
    rmSync(remains(estate));
  };
  return {
    has,
    restore,
    list() {
      const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
      const found = names.map((file) => {
        const { mtime, size } = statSync(join(folder, file));
        return { name: file.slice(0, -'.json'.length), takenAt: mtime.toISOString(), sizeBytes: size };
      });
      return found.toSorted((one, other) => (one.takenAt < other.takenAt ? -1 : 1));
    },
    async take(name, estate) {
      mkdirSync(folder, { recursive: true });
      const kept = files.flatMap((file) => {
        const path = join(estate.folder, file);
        return existsSync(path) ? [[file, readFileSync(path, 'utf8')]] : [];
      });
      const content: Content = { rows: await readRows(client, estate.name), files: Object.fromEntries(kept) };
      writeWhole(fileOf(name), JSON.stringify(content));
      remembered.remember(name, estate.name, stampOf(name), content);
    },
    async goOn(estate) {
      const begun = remains(estate);
      if (existsSync(begun)) await restore(readFileSync(begun, 'utf8'), estate);
    },
    remove(name) {
      if (!has(name)) return false;
      rmSync(fileOf(name));
      remembered.forget(name);
      return true;
    },
    see(estate, records) {
      for (const { dynamodb } of records) if (dynamodb?.Keys) remembered.note(estate.name, { ...dynamodb.Keys });
    },
    settle: remembered.settle,
  };
}

/** Only this module writes the file. */
function contentIn(file: string): Content {
  return JSON.parse(readFileSync(file, 'utf8'));
}
