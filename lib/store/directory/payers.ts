import type { Account } from '#lib/domain/account.ts';
import type { Member } from '#lib/domain/directory/member.ts';
import { isInEffect, type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { memberIn, type Payer } from '#lib/store/directory/directories.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { accountKey, directoryKey, memberKey, pairKey, relationKey, slotKey, tallyKey } from '#lib/store/keys.ts';
import { countsOf } from '#lib/store/relations/counts.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { type Pointer, pairRow, type Slot, slotOf } from '#lib/store/relations/slots.ts';
import { getAlong, newTrail } from '#lib/table/along.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** An account that pays for another, by the name the relation between the two has for it. */
export interface PayerName {
  readonly uid: number;
  readonly name: string;
}

/** Who pays for a member, and who is to. */
export interface Payment {
  readonly member: Member;
  readonly account: Account;
  /** The trusteeship by which another pays, and whether that manages the directory or is a member of it. */
  readonly current: { readonly relation: Relation; readonly isOfDirectory: boolean } | undefined;
  /** Who is to pay, with what opening a trusteeship has to know; undefined if it is the member itself. */
  readonly next: { readonly payer: Payer; readonly pair: Pointer | undefined; readonly childSlot: Slot } | undefined;
}

/** Which relation has taken an account's slot as a child. */
const relationsInSlots = newTrail<number>();

/**
 * Who pays for a member at `nowMs`: the parent of the trusteeship it is in, and undefined if it pays for itself; in as many round trips as
 * {@link getAlongPayer}. Throws `DirectoryUnknown` and `MemberUnknown`.
 */
export async function readPayer(
  table: Table,
  managementUid: number,
  uid: number,
  nowMs: number,
): Promise<PayerName | undefined> {
  const keys = [directoryKey(managementUid), memberKey(uid)];
  const isMember = ([directory, member]: readonly (Row | undefined)[]) => {
    if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
    memberIn(managementUid, member);
    return true;
  };
  const { payer } = await getAlongPayer(table, { managementUid, uid }, keys, isMember, nowMs);
  return payer && { uid: payer.parentUid, name: payer.parentName };
}

/**
 * Rows of a member, and the trusteeship by which another pays for it at `nowMs`. That takes one round trip, and two if the member has come
 * into a relation that the process has not seen it in. The payer is looked for only if `isShown` says of the rows that they may be shown.
 */
export async function getAlongPayer(
  table: Table,
  { managementUid, uid }: Pick<Member, 'managementUid' | 'uid'>,
  keys: readonly Key[],
  isShown: (rows: readonly (Row | undefined)[]) => boolean,
  nowMs: number,
): Promise<{ readonly rows: readonly (Row | undefined)[]; readonly payer: Relation | undefined }> {
  const found = await getAlong(table, [slotKey(uid), ...keys], (id: number) => [relationKey(id)], {
    trail: relationsInSlots,
    from: `${managementUid} ${uid}`,
    target: ([slot, ...rows]) => (isShown(rows) ? slotOf(slot).relationId : undefined),
  });
  const rows = found.slice(1, 1 + keys.length);
  return { rows, payer: trusteeshipOf(found[1 + keys.length], nowMs) };
}

/** Who pays for a member and who is to, if that is another. Throws `DirectoryUnknown`, `MemberUnknown` and `PayerOutsideDirectory`. */
export async function readPayment(
  table: Table,
  managementUid: number,
  uid: number,
  payerUid: number | undefined,
  nowMs: number,
): Promise<Payment> {
  const payerKeys = [accountKey, memberKey, slotKey, tallyKey];
  const isOther = payerUid !== undefined && payerUid !== uid;
  const named = isOther ? [...payerKeys.map((key) => key(payerUid)), pairKey(payerUid, uid)] : [];
  const own = [directoryKey(managementUid), memberKey(uid), accountKey(uid), slotKey(uid)];
  const [directory, memberRow, accountRow, slot, payerAccount, payerMember, payerSlot, tally, pair] =
    await table.getMany([...own, ...named]);
  if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
  const member = memberIn(managementUid, memberRow);
  if (accountRow === undefined) throw new Refusal('MemberUnknown', {});
  const childSlot = slotOf(slot);
  const relation = await trusteeshipIn(table, childSlot, nowMs);
  const current = relation && {
    relation,
    isOfDirectory: await isOf(managementUid, relation.parentUid, () => table.get(memberKey(relation.parentUid))),
  };
  const payer = payerAccount && {
    account: accountOf(payerAccount),
    slot: slotOf(payerSlot),
    counts: countsOf(tally),
  };
  if (isOther && !(payer && (await isOf(managementUid, payerUid, async () => payerMember)))) {
    throw new Refusal('PayerOutsideDirectory', {});
  }
  const next = payer && { payer, pair: pair && pairRow.read(pair), childSlot };
  return { member, account: accountOf(accountRow), current, next };
}

/** Whether an account manages the directory or is a member of it. */
async function isOf(managementUid: number, uid: number, read: () => Promise<Row | undefined>): Promise<boolean> {
  if (uid === managementUid) return true;
  const row = await read();
  const member = row && memberOf(row);
  return member?.managementUid === managementUid && member.status === 'joined';
}

/** The trusteeship that an account is in by its slot. */
export async function trusteeshipIn(table: Table, { relationId }: Slot, nowMs: number): Promise<Relation | undefined> {
  return trusteeshipOf(relationId === undefined ? undefined : await table.get(relationKey(relationId)), nowMs);
}

function trusteeshipOf(row: Row | undefined, nowMs: number): Relation | undefined {
  const relation = row && relationAt(relationOf(row), nowMs);
  return relation && relation.policy === 'trusteeship' && isInEffect(relation) ? relation : undefined;
}
