import * as v from 'valibot';
import { emailKey } from '#lib/store/keys.ts';
import type { Write, WriteItem } from '#lib/table/commit.ts';
import { allOf, anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, put, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';

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
export function claimEmail(email: string, { nowMs, uid, untilMs }: Claim, refused: () => Error): WriteItem {
  const row = emailRow.row(emailKey(email), { uid, ...(untilMs !== undefined && { untilMs }) });
  const lapsed: Fragment = { text: '#untilMs <= :nowMs', values: { ':nowMs': nowMs } };
  return put(row, [anyOf([absent, lapsed, pendingFor(uid)])], refused);
}

/** Makes a pending claim one for good. */
export function settleEmail(email: string, uid: number, refused: () => Error): WriteItem {
  return put(emailRow.row(emailKey(email), { uid }), [pendingFor(uid)], refused);
}

/** Gives up a pending claim: it lapses now. `otherwise` is written instead if the claim is no longer the account's. */
export function releaseEmail(email: string, uid: number, nowMs: number, otherwise: () => Write): WriteItem {
  return update(emailKey(email), { set: { untilMs: nowMs } }, [pendingFor(uid)], otherwise);
}

function pendingFor(uid: number): Fragment {
  return allOf([{ text: 'attribute_exists(#untilMs)' }, { text: '#uid = :holder', values: { ':holder': uid } }]);
}
