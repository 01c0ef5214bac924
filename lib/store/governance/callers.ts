import type { Directory } from '#lib/domain/directory/directory.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { directoryOf } from '#lib/store/directory/directories.ts';
import { accountKey, directoryIdKey, directoryKey } from '#lib/store/keys.ts';
import { Stale, type WriteItem } from '#lib/table/commit.ts';
import { check, present } from '#lib/table/items.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** The rows that tell whether an account may use the account factory: it first, to be read with what else is needed. */
export function callerKeys(uid: number): readonly [account: Key, directory: Key] {
  return [accountKey(uid), directoryKey(uid)];
}

/** The directory that a caller manages, from those rows. Throws `AccountUnverified` and `DirectoryUnknown`. */
export function directoryOfCaller(account: Row | undefined, directory: Row | undefined): Directory {
  if (account === undefined || accountOf(account).legalName === '') throw new Refusal('AccountUnverified', {});
  if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
  return directoryOf(directory);
}

/** The same, in one round trip. */
export async function getManaged(table: Table, uid: number): Promise<Directory> {
  const [account, directory] = await table.getMany(callerKeys(uid));
  return directoryOfCaller(account, directory);
}

/** That a directory has not been destroyed since it was read. Its own row may be long, and folders change it. */
export function remainsManaged({ id }: Directory): WriteItem {
  return check(directoryIdKey(id), [present], () => new Stale());
}
