import { isInEffect, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { memberIn } from '#lib/store/directory/directories.ts';
import { directoryKey, memberKey, relationKey, slotKey } from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { slotOf } from '#lib/store/relations/slots.ts';
import type { Table } from '#lib/table/table.ts';

/** An account that pays for another, by the name the relation between the two has for it. */
export interface PayerName {
  readonly uid: number;
  readonly name: string;
}

/**
 * Who pays for a member at `nowMs`: the parent of the trusteeship it is in, and undefined if it pays for itself. A member that never was
 * in a relation takes one round trip. Throws `DirectoryUnknown` and `MemberUnknown`.
 */
export async function readPayer(
  table: Table,
  managementUid: number,
  uid: number,
  nowMs: number,
): Promise<PayerName | undefined> {
  const keys = [directoryKey(managementUid), memberKey(uid), slotKey(uid)];
  const [directory, member, slot] = await table.getMany(keys);
  if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
  memberIn(managementUid, member);
  const { relationId } = slotOf(slot);
  const row = relationId === undefined ? undefined : await table.get(relationKey(relationId));
  if (row === undefined) return undefined;
  const { parentName, parentUid, policy, ...relation } = relationAt(relationOf(row), nowMs);
  return policy === 'trusteeship' && isInEffect(relation) ? { uid: parentUid, name: parentName } : undefined;
}
