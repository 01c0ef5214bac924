import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import { changesOf, clearStanding, type Standing } from '#lib/domain/account.ts';
import { Refusal } from '#lib/errors.ts';
import { accountEvent } from '#lib/store/accounts.ts';
import { accountKey, standingKey } from '#lib/store/keys.ts';
import { markFrozen } from '#lib/store/relations/tallies.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Fragment, together } from '#lib/table/expressions.ts';
import { check, neverRefused, present, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

export const standingRow = rowKind({
  type: 'standing',
  shape: v.object({
    availableBalance: v.optional(v.number(), clearStanding.availableBalance),
    arrears: v.optional(v.number(), clearStanding.arrears),
    openOrders: v.optional(v.number(), clearStanding.openOrders),
    frozen: v.optional(v.boolean(), clearStanding.frozen),
    lentInAll: v.optional(v.number(), 0),
  }),
});

export interface Standings {
  /** The standing of an account; a clear one if none was ever set. */
  get(uid: number): Promise<Standing>;
  /** The same. Throws `AccountUnknown`. */
  getOfAccount(uid: number): Promise<Standing>;
}

/** The financial standings of a table. */
export function openStandings(table: Table): Standings {
  return {
    async get(uid) {
      return standingOf(await table.get(standingKey(uid)));
    },
    async getOfAccount(uid) {
      const [account, standing] = await table.getMany([accountKey(uid), standingKey(uid)]);
      if (account === undefined) throw new Refusal('AccountUnknown', { party: 'account', uid });
      return standingOf(standing);
    },
  };
}

/** The standing in a row; a clear one without a row. */
export function standingOf(row: Row | undefined): Standing {
  const { lentInAll: _, ...standing } = standingRow.read(row ?? {});
  return standing;
}

/** What an account has lent in all its relations, in minor units, by its row. Credit lent before this was counted is left out. */
export function lentInAllOf(row: Row | undefined): number {
  return standingRow.read(row ?? {}).lentInAll;
}

/**
 * Sets parts of an account's standing, and marks its tally where that says whether it is frozen. `Stale` if any part differs from
 * `before`; refused with `AccountUnknown`.
 */
export function putStanding(uid: number, said: Partial<Standing>, before: Standing): Write {
  return [
    isAccount(uid),
    setStanding(uid, said, before),
    ...(said.frozen === undefined ? [] : [markFrozen(uid, said.frozen)]),
  ];
}

/** The same as a change that is told of; nothing is written, nor told, if it stands so already. */
export function changeStanding(uid: number, said: Partial<Standing>, before: Standing, call: Call): Write {
  const facts = changesOf(before, { ...before, ...said });
  if (Object.keys(facts).length === 0) return [isAccount(uid)];
  return [...putStanding(uid, said, before), accountEvent(uid, 'changeStanding', call, facts)];
}

function isAccount(uid: number): WriteItem {
  return check(accountKey(uid), [present], () => new Refusal('AccountUnknown', { party: 'account', uid }));
}

/** Takes an amount, in minor units, from an account's available balance; refused as given if the balance is smaller. */
export function takeFromBalance(uid: number, amount: number, refused: () => Refusal): WriteItem {
  const covered = { text: '#availableBalance >= :amount', values: { ':amount': amount } };
  return update(
    standingKey(uid),
    together(standingRow.marks, { add: { availableBalance: -amount } }),
    [covered],
    refused,
  );
}

/** Gives back to an account an amount it had lent, in minor units. */
export function giveBack(uid: number, amount: number): WriteItem {
  // An account without a row has a balance of 0, which is where ADD begins.
  const change = together(standingRow.marks, { add: { availableBalance: amount, lentInAll: -amount } });
  return update(standingKey(uid), change, [], neverRefused);
}

/**
 * Moves an account's available balance, and what it has lent in all, from what was read to new values. `Stale` if any part
 * of its standing has changed since it was read, because the answer tells all of it.
 */
export function moveBalance(uid: number, before: Standing, after: Standing, lent?: Lent): WriteItem {
  return setStanding(uid, { availableBalance: after.availableBalance }, before, lent);
}

/** What an account had lent in all when it was read, and what is added to that. */
export interface Lent {
  readonly before: number;
  readonly amount: number;
}

/** Sets some attributes of a standing. `Stale` if any of those in `asRead` has changed. */
function setStanding(uid: number, changed: Partial<Standing>, asRead: Partial<Standing>, lent?: Lent): WriteItem {
  const conditions = namesOf(asRead).map((name) => isAsRead(name, asRead[name]));
  const change = together(standingRow.marks, { set: changed }, lent ? { add: { lentInAll: lent.amount } } : {});
  const lentAsRead = lent ? [isLentAsRead(lent.before)] : [];
  return update(standingKey(uid), change, [...conditions, ...lentAsRead], () => new Stale());
}

function isLentAsRead(before: number): Fragment {
  const values = { ':lentBefore': before };
  if (before === 0) return unsetOr('lentInAll', '= :lentBefore', values);
  return { text: '#lentInAll = :lentBefore', values };
}

/** An attribute that was never set counts as clear. */
function isAsRead(name: keyof Standing, value: unknown): Fragment {
  const values = { [`:read_${name}`]: value };
  if (value === clearStanding[name]) return unsetOr(name, `= :read_${name}`, values);
  return { text: `#${name} = :read_${name}`, values };
}

/** Holds if an attribute was never set, or compares as given. */
export function unsetOr(
  attribute: keyof Standing | 'lentInAll',
  comparison: string,
  values: Fragment['values'] = { ':none': 0 },
): Fragment {
  return anyOf([{ text: `attribute_not_exists(#${attribute})` }, { text: `#${attribute} ${comparison}`, values }]);
}

/** `Object.keys` widens to string; the keys of a part of a standing are those of one, by its type. */
function namesOf(part: Partial<Standing>): (keyof Standing)[] {
  return Object.keys(part) as (keyof Standing)[];
}
