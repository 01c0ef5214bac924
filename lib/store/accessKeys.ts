import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { AccessKey } from '#lib/domain/account.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { Refusal } from '#lib/errors.ts';
import { hasRootUser } from '#lib/store/directory/members.ts';
import { accessKeyKey, accountKey, keysOf, memberKey, ownKeyKey, rootKeysKey } from '#lib/store/keys.ts';
import { eventRecord, type Owners } from '#lib/store/ledger.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, equal, together } from '#lib/table/expressions.ts';
import { absent, check, create, neverRefused, present, put, remove, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

export const accessKeyRow = rowKind({
  type: 'accessKey',
  shape: v.object({
    keyId: v.string(),
    uid: v.optional(v.number()),
    isRoot: v.optional(v.boolean()),
    active: v.boolean(),
    sealedSecret: v.optional(v.string()),
    createdAtMs: v.number(),
  }),
  // No key of the first schema is a root user's.
  upgrades: [(row) => row],
});

/** How many keys of an account's root user are active. */
export const rootKeysRow = rowKind({ type: 'rootKeys', shape: v.object({ active: v.number() }) });

/** Says that a key is of an account. Keys that were issued before there were such rows have none. */
export const ownKeyRow = rowKind({ type: 'ownKey', shape: v.object({ keyId: v.string() }) });

/** The stored access key, or undefined. */
export async function findAccessKey(table: Table, keyId: string): Promise<AccessKey | undefined> {
  const row = await table.get(accessKeyKey(keyId));
  return row && accessKeyRow.read(row);
}

/**
 * Issues a key to an account, or, without a uid, to an operator. Refused with `AccountUnknown` or `AccessKeyExists`, and with
 * `RootUserDisabled` if it is to be the root user's of a resource account.
 */
export function issue({ isRoot = false, uid, sealedSecret, ...key }: AccessKey): Write {
  const taken = () => new Refusal('AccessKeyExists', { keyId: key.keyId });
  const owner = uid === undefined ? {} : { uid };
  const sealed = sealedSecret === undefined ? {} : { sealedSecret };
  const row = accessKeyRow.row(accessKeyKey(key.keyId), {
    v: 1,
    ...key,
    ...owner,
    ...sealed,
    ...(isRoot && { isRoot }),
  });
  if (uid === undefined) return [create(row, taken)];
  const unknown = () => new Refusal('AccountUnknown', { party: 'account', uid });
  const disabled = () => new Refusal('RootUserDisabled', { uid });
  return [
    check(accountKey(uid), [present], unknown),
    create(row, taken),
    put(ownKeyRow.row(ownKeyKey(uid, key.keyId), { keyId: key.keyId }), [], neverRefused),
    ...(isRoot ? [check(memberKey(uid), [hasRootUser], disabled), countRootKeys(uid, 1)] : []),
  ];
}

/** Revokes a key; nothing is written of one that is revoked, which it is for good. `Stale` if it has changed since it was read. */
export function revoke({ active, isRoot, keyId, uid }: AccessKey): Write {
  if (!active) return [];
  const change = { set: { active: false }, add: { v: 1 } };
  return [
    update(accessKeyKey(keyId), change, equal({ active }, 'read'), () => new Stale()),
    ...(isRoot && uid !== undefined ? [countRootKeys(uid, -1)] : []),
  ];
}

/** Keys of an account that have not been struck off, at most `limit`, as they are at one moment. */
export async function findOwnKeys(table: Table, uid: number, limit: number): Promise<AccessKey[]> {
  const query = {
    KeyConditionExpression: 'pk = :owner',
    ExpressionAttributeValues: { ':owner': keysOf(uid) },
    ConsistentRead: true,
  };
  const { rows } = await table.page(query, limit);
  const keys = await table.getMany(rows.map((row) => accessKeyKey(ownKeyRow.read(row).keyId)));
  return keys.flatMap((row) => (row ? accessKeyRow.read(row) : []));
}

/** Revokes a key that is active, and strikes it off its account's. `Stale` if it has changed since it was read. */
export function strikeOff(key: AccessKey, uid: number, call: Call): Write {
  return [
    ...(key.active ? [...revoke(key), accessKeyEvent(key, 'revoke', call)] : []),
    remove(ownKeyKey(uid, key.keyId), [], neverRefused),
  ];
}

/** That no key of an account's root user is active. */
export function holdsNoRootKey(uid: number, refused: () => Error): WriteItem {
  return check(rootKeysKey(uid), [anyOf([absent, ...equal({ active: 0 }, 'none')])], refused);
}

function countRootKeys(uid: number, active: 1 | -1): WriteItem {
  return update(rootKeysKey(uid), together(rootKeysRow.marks, { add: { active } }), [], neverRefused);
}

/** How the events of access keys are published (docs/events.md). */
export const accessKeySubject = {
  subject: 'accessKey',
  title: 'AccessKey',
  statuses: ['active', 'revoked'],
  key: (id: string | number) => accessKeyKey(String(id)),
  ownersIn: (row: Row): Owners => ownersOf(accessKeyRow.read(row)),
  detailOf: ({ id }: LedgerEvent) => ({ accessKeyId: id }),
} as const;

/** The event of a call that issues or revokes a key, given as it is before. It says whose key it is, never its secret. */
export function accessKeyEvent(
  { active, isRoot, keyId, uid }: AccessKey,
  event: 'issue' | 'revoke',
  call: Call,
): WriteItem {
  const before = active ? 'active' : 'revoked';
  const move = event === 'issue' ? { from: 'nothing', to: 'active' } : { from: before, to: 'revoked' };
  const facts = uid === undefined ? {} : { uid, ...(isRoot && { isRoot }) };
  return eventRecord({ subject: 'accessKey', id: keyId, owners: ownersOf({ uid }), event, ...move, facts }, call);
}

/** An operator's key belongs to no account. */
function ownersOf({ uid }: Pick<AccessKey, 'uid'>): Owners {
  return uid === undefined ? [] : [uid];
}

/** Lets a write pass only while the key that signed it is active. */
export function holdsActive(keyId: string, refused: () => Error): WriteItem {
  return check(accessKeyKey(keyId), equal({ active: true }, 'key'), refused);
}
