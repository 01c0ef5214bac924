import * as v from 'valibot';
import type { AccessKey } from '#lib/domain/account.ts';
import { Refusal } from '#lib/errors.ts';
import { accessKeyKey, accountKey } from '#lib/store/keys.ts';
import type { Write, WriteItem } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';
import { check, create, present, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Table } from '#lib/table/table.ts';

export const accessKeyRow = rowKind({
  type: 'accessKey',
  shape: v.object({
    keyId: v.string(),
    uid: v.optional(v.number()),
    active: v.boolean(),
    sealedSecret: v.optional(v.string()),
    createdAtMs: v.number(),
  }),
});

/** The stored access key, or undefined. */
export async function findAccessKey(table: Table, keyId: string): Promise<AccessKey | undefined> {
  const row = await table.get(accessKeyKey(keyId));
  return row && accessKeyRow.read(row);
}

/** Issues a key to an account, or to an operator when it names none. Refused with `AccountUnknown` or `AccessKeyExists`. */
export function issue({ uid, sealedSecret, ...key }: AccessKey): Write {
  const taken = () => new Refusal('AccessKeyExists', { keyId: key.keyId });
  const owner = uid === undefined ? {} : { uid };
  const sealed = sealedSecret === undefined ? {} : { sealedSecret };
  const row = accessKeyRow.row(accessKeyKey(key.keyId), { v: 1, ...key, ...owner, ...sealed });
  if (uid === undefined) return [create(row, taken)];
  const unknown = () => new Refusal('AccountUnknown', { party: 'account', uid });
  return [check(accountKey(uid), [present], unknown), create(row, taken)];
}

/** Revokes a key; revoking it again changes nothing. Refused with `AccessKeyUnknown`. */
export function revoke(keyId: string): Write {
  return [
    update(
      accessKeyKey(keyId),
      { set: { active: false }, add: { v: 1 } },
      [present],
      () => new Refusal('AccessKeyUnknown', { keyId }),
    ),
  ];
}

/** That a key is active, as a condition of the write it signs. */
export function holdsActive(keyId: string, refused: () => Error): WriteItem {
  return check(accessKeyKey(keyId), equal({ active: true }, 'key'), refused);
}
