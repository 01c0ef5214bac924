import { Refusal } from '#lib/errors.ts';
import { closeEmpty, counting, open, shardOf, shardsOf } from '#lib/store/directory/seats.ts';
import { usageKey } from '#lib/store/keys.ts';
import type { Write, WriteItem } from '#lib/table/commit.ts';
import { neverRefused, present, update } from '#lib/table/items.ts';
import type { Key } from '#lib/table/table.ts';

/** Opens a custom baseline for accounts. Those under a system baseline are not counted, as it is never deleted. */
export function openUsage(baselineId: string): Write {
  return keysOf(baselineId).map((key) => open(key, 0));
}

/** Closes it for good. Refused with `BaselineInUse` while accounts are enrolled under it. */
export function closeUsage(baselineId: string): Write {
  return closeEmpty(keysOf(baselineId), () => new Refusal('BaselineInUse', {}));
}

/** Counts accounts that come under a custom baseline. Refused with `BaselineUnknown` once it is deleted. */
export function comeUnder(baselineId: string, uids: readonly number[]): Write {
  return counted(baselineId, uids, 1, () => new Refusal('BaselineUnknown', {}));
}

/** Counts accounts that are under it no longer. */
export function leaveFrom(baselineId: string, uids: readonly number[]): Write {
  return counted(baselineId, uids, -1, neverRefused);
}

/** One item for each shard, however many accounts it counts: a transaction may write a row once. */
function counted(baselineId: string, uids: readonly number[], each: 1 | -1, refused: WriteItem['refused']): Write {
  const shards = [...new Set(uids.map(shardOf))];
  return shards.map((shard) => {
    const members = each * uids.filter((uid) => shardOf(uid) === shard).length;
    return update(usageKey(baselineId, shard), counting(members), [present], refused);
  });
}

function keysOf(baselineId: string): Key[] {
  return shardsOf((shard) => usageKey(baselineId, shard));
}
