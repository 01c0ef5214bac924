import * as v from 'valibot';
import type { Account } from '#lib/domain/account.ts';
import { emailKey } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { allOf, anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, check, put, remove, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** The account that has claimed an address: for good, or, while a confirmation is awaited, until a time, epoch ms. In the first schema it was always for good. */
export const emailRow = rowKind({
  type: 'email',
  shape: v.object({ uid: v.number(), untilMs: v.optional(v.number()) }),
  upgrades: [(row) => row],
});

/** Whose claim an address becomes. Times are epoch ms; a function is asked as the write is sent. */
interface Claim {
  readonly uid: number;
  readonly nowMs: number | (() => number);
  /** Until when it is only pending; for good, unless this is given. */
  readonly untilMs?: number;
}

/** Claims an address that is free, whose pending claim has lapsed, or whose pending claim is the account's own. */
export function claimEmail(email: string, { nowMs, uid, untilMs }: Claim, refused: WriteItem['refused']): WriteItem {
  const row = emailRow.row(emailKey(email), { uid, ...(untilMs !== undefined && { untilMs }) });
  const lapsed: Fragment = { text: '#untilMs <= :nowMs', values: { ':nowMs': nowMs } };
  return put(row, [anyOf([absent, lapsed, pendingFor(uid)])], refused);
}

/** Makes an account's pending claim one for good, unless it is that already. */
export function settleEmail(email: string, uid: number, refused: () => Error): WriteItem {
  return put(emailRow.row(emailKey(email), { uid }), [isHeldBy(uid)], refused);
}

/** Whether the row of an address says that it is an account's own, for good. */
export function isOwnEmail(row: Row | undefined, uid: number): boolean {
  const claim = row && emailRow.read(row);
  return claim?.uid === uid && claim.untilMs === undefined;
}

/** That an address is an account's own, for good. */
export function remainsOwn(email: string, uid: number, refused: () => Error): WriteItem {
  return check(emailKey(email), [{ text: 'attribute_not_exists(#untilMs)' }, isHeldBy(uid)], refused);
}

/** Gives up a pending claim: it lapses now. `otherwise` is written instead if the claim is no longer the account's. */
export function releaseEmail(email: string, uid: number, nowMs: number, otherwise: () => Write): WriteItem {
  return update(emailKey(email), { set: { untilMs: nowMs } }, [pendingFor(uid)], otherwise);
}

/** Gives up a claim that an account has for good. `Stale` if it has it no longer. */
export function freeEmail(email: string, uid: number): WriteItem {
  return remove(emailKey(email), [isHeldBy(uid)], () => new Stale());
}

/** The same by letting it lapse now, for those who may delete nothing. */
export function lapseEmail(email: string, uid: number, nowMs: number): WriteItem {
  return update(emailKey(email), { set: { untilMs: nowMs } }, [isHeldBy(uid)], () => new Stale());
}

/** The addresses that are an account's own: its login and its e-mail, as far as it has claimed them. */
export async function claimedBy(table: Table, { email = '', name, uid }: Account): Promise<string[]> {
  const addresses = [...new Map([name, email].filter(Boolean).map((one) => [one.toLowerCase(), one])).values()];
  const rows = await table.getMany(addresses.map(emailKey));
  return addresses.filter((_, index) => {
    const row = rows[index];
    return row !== undefined && emailRow.read(row).uid === uid;
  });
}

function isHeldBy(uid: number): Fragment {
  return { text: '#uid = :holder', values: { ':holder': uid } };
}

function pendingFor(uid: number): Fragment {
  return allOf([{ text: 'attribute_exists(#untilMs)' }, isHeldBy(uid)]);
}
