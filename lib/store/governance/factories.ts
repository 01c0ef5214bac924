import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { type FactoryStatus, factoryStatuses } from '#lib/domain/governance/factory.ts';
import { Refusal } from '#lib/errors.ts';
import { directoryEvent, directoryOf } from '#lib/store/directory/directories.ts';
import { directoryKey, factoryKey } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { allOf, anyOf, equal, type Fragment } from '#lib/table/expressions.ts';
import { absent, check, put } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** How far the landing zone of a directory is, once an operator has said so. The row of a destroyed directory does not hold for the next one. */
export const factoryRow = rowKind({
  type: 'factory',
  shape: v.object({ directoryId: v.string(), status: v.picklist(factoryStatuses) }),
});

/** The account factory of a directory. */
export interface Factory {
  readonly directory: Directory;
  readonly status: FactoryStatus;
}

/** The account factory of the directory that an account manages, in one round trip. Throws `DirectoryUnknown`. */
export async function getFactory(table: Table, managementUid: number): Promise<Factory> {
  const [row, factory] = await table.getMany([directoryKey(managementUid), factoryKey(managementUid)]);
  if (row === undefined) throw new Refusal('DirectoryUnknown', {});
  const directory = directoryOf(row);
  return { directory, status: factoryStatusIn(directory, factory) };
}

/** Puts the status of an account factory; nothing is written if it has that already. `Stale` if the directory or the status is no longer as it was read. */
export function putFactory({ directory, status: statusBefore }: Factory, status: FactoryStatus, call: Call): Write {
  if (status === statusBefore) return [];
  const { id: directoryId, managementUid } = directory;
  return [
    check(directoryKey(managementUid), equal({ id: directoryId }, 'read'), () => new Stale()),
    put(
      factoryRow.row(factoryKey(managementUid), { directoryId, status }),
      [isIn(directory, statusBefore)],
      () => new Stale(),
    ),
    directoryEvent(directory, 'putFactory', call, { statusBefore, statusAfter: status }),
  ];
}

/** That an account factory is ready still, as it was read. */
export function remainsReady(directory: Directory): WriteItem {
  return check(factoryKey(directory.managementUid), [isIn(directory, 'ready')], () => new Stale());
}

/** Holds, of the row of a factory or of no row, if that is in the status. */
function isIn({ id }: Directory, status: FactoryStatus): Fragment {
  const says = allOf(equal({ directoryId: id, status }, 'before'));
  const saysNothing = [absent, { text: '#directoryId <> :directoryId', values: { ':directoryId': id } }];
  return anyOf([says, ...(status === 'ready' ? saysNothing : [])]);
}

/** The status that a row says; ready if none says otherwise. */
export function factoryStatusIn({ id }: Directory, row: Row | undefined): FactoryStatus {
  const factory = row && factoryRow.read(row);
  return factory?.directoryId === id ? factory.status : 'ready';
}
