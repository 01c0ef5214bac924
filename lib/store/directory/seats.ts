import * as v from 'valibot';
import { seatShards, seatsIn } from '#lib/domain/directory/directory.ts';
import { Refusal } from '#lib/errors.ts';
import { occupancyKey, seatsKey } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { type Change, type Fragment, together } from '#lib/table/expressions.ts';
import { create, neverRefused, present, remove, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Key, Row } from '#lib/table/table.ts';

/** One of the rows over which the members of a directory, of a folder, or under a baseline are counted (docs/decisions.md D38). */
export const seatsRow = rowKind({ type: 'seats', shape: v.object({ members: v.number() }) });

const SHARDS = 8;

/** A directory's seats as they were read: of each of its shards, how many members it counts. */
export type Seats = readonly number[];

/** The keys of all shards that a directory may have. */
export function seatsKeys(managementUid: number): Key[] {
  return Array.from({ length: seatShards(Number.MAX_SAFE_INTEGER) }, (_, shard) => seatsKey(managementUid, shard));
}

/** The keys of all shards of a folder. */
export function occupancyKeys(folderId: string): Key[] {
  return shardsOf((shard) => occupancyKey(folderId, shard));
}

/** The keys of all shards of what is no directory. */
export function shardsOf(keyOf: (shard: number) => Key): Key[] {
  return Array.from({ length: SHARDS }, (_, shard) => keyOf(shard));
}

/** How many members the rows count in all. */
export function countedIn(rows: readonly (Row | undefined)[]): number {
  return seatsOf(rows).reduce((sum, members) => sum + members, 0);
}

/** The members that each row counts, in the order of the rows; a row that is not there counts none. */
export function seatsOf(rows: readonly (Row | undefined)[]): Seats {
  return rows.map((row) => (row ? seatsRow.read(row).members : 0));
}

/** Opens the seats of a directory: those before the shard `from` are open already. One may be taken from the start. */
export function openSeats(managementUid: number, memberQuota: number, from = 0, taken?: Pick<Place, 'seat'>): Write {
  const shards = Array.from({ length: seatShards(memberQuota) - from }, (_, index) => from + index);
  return shards.map((shard) => open(seatsKey(managementUid, shard), shard === taken?.seat ? 1 : 0));
}

/** Opens a folder for members. One may be in it from the start. */
export function openFolder(folderId: string, taken?: Pick<Place, 'uid'>): Write {
  const own = taken && shardOf(taken.uid);
  return occupancyKeys(folderId).map((key, shard) => open(key, shard === own ? 1 : 0));
}

/** Closes what must have no members, for good: nothing can enter it afterwards. */
export function closeEmpty(keys: readonly Key[], refused: () => Error): Write {
  return keys.map((key) => remove(key, [isEmpty], (row) => (row ? refused() : new Stale())));
}

/**
 * A shard of the directory that has a seat left. `drawn`, from 0 to below 1, chooses among them, so that concurrent calls take different
 * ones. Undefined if the quota is reached.
 */
export function seatLeft(seats: Seats, memberQuota: number, drawn: number): number | undefined {
  const left = seats.flatMap((members, shard) =>
    shard < seatShards(memberQuota) && members < seatsIn(shard, memberQuota) ? [shard] : [],
  );
  return left[Math.floor(drawn * left.length)];
}

/** Takes a seat in the directory, under its quota, and a place in a folder. Refused with `FolderUnknown`, or as given, once that is deleted. */
export function enter(
  managementUid: number,
  memberQuota: number,
  place: Place,
  isGone: () => Error = folderUnknown,
): Write {
  return [
    update(
      seatsKey(managementUid, place.seat),
      counting(1),
      [present, { text: '#members < :seats', values: { ':seats': seatsIn(place.seat, memberQuota) } }],
      (row) => (row ? new Stale() : new Refusal('DirectoryUnknown', {})),
    ),
    enterFolder(place, isGone),
  ];
}

/** Takes a member's place in a folder. Refused with `FolderUnknown`, or as given, once that is deleted. */
export function enterFolder({ folderId, uid }: Pick<Place, 'folderId' | 'uid'>, isGone = folderUnknown): WriteItem {
  return update(occupancyKey(folderId, shardOf(uid)), counting(1), [present], isGone);
}

/** Gives up a member's place in a folder. */
export function leaveFolder({ folderId, uid }: Pick<Place, 'folderId' | 'uid'>): WriteItem {
  return update(occupancyKey(folderId, shardOf(uid)), counting(-1), [present], neverRefused);
}

/** Gives up a member's seat in the directory and its place in a folder. */
export function leave(managementUid: number, place: Place): Write {
  return [update(seatsKey(managementUid, place.seat), counting(-1), [present], neverRefused), leaveFolder(place)];
}

/** Where a member is counted. */
export interface Place {
  readonly uid: number;
  readonly seat: number;
  readonly folderId: string;
}

function folderUnknown(): Error {
  return new Refusal('FolderUnknown', {});
}

const isEmpty: Fragment = { text: '#members = :none', values: { ':none': 0 } };

/** Opens a row that counts, at `members`. `Stale` if there is one already. */
export function open(key: Key, members: number): WriteItem {
  return create(seatsRow.row(key, { members }), () => new Stale());
}

/** Adds `members` to a count; takes them away if negative. */
export function counting(members: number): Change {
  return together(seatsRow.marks, { add: { members } });
}

/** Where a member is counted. Uids are drawn at random, so they spread over the shards. */
export function shardOf(uid: number): number {
  return uid % SHARDS;
}
