import * as v from 'valibot';
import { clearStanding, type Standing } from '#lib/domain/account.ts';
import { type Reason, type Reasons, Refusal } from '#lib/errors.ts';
import { accountKey, standingKey } from '#lib/store/keys.ts';
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
  /** The standing of an account; that of a clear one if nothing was ever said of it. */
  get(uid: number): Promise<Standing>;
  /** The same of an account that there is. Throws `AccountUnknown`. */
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

/** The standing of a row, or of none. */
export function standingOf(row: Row | undefined): Standing {
  const { lentInAll: _, ...standing } = standingRow.read(row ?? {});
  return standing;
}

/** What the account of a row has lent along all its relations, in minor units; what was lent before that was counted is left out. */
export function lentInAllOf(row: Row | undefined): number {
  return standingRow.read(row ?? {}).lentInAll;
}

/** Says parts of an account's standing anew. `Stale` if it is not all as it was `before`; refused with `AccountUnknown`. */
export function putStanding(uid: number, said: Partial<Standing>, before: Standing): Write {
  return [
    check(accountKey(uid), [present], () => new Refusal('AccountUnknown', { party: 'account', uid })),
    setStanding(uid, said, before),
  ];
}

/** Takes from an account's available balance, in minor units, what it must still have; else refused as given. */
export function takeFromBalance(uid: number, amount: number, refused: () => Refusal): WriteItem {
  const covered = { text: '#availableBalance >= :amount', values: { ':amount': amount } };
  return update(
    standingKey(uid),
    together(standingRow.marks, { add: { availableBalance: -amount } }),
    [covered],
    refused,
  );
}

/** Gives an account back, in minor units, what it had lent. */
export function giveBack(uid: number, amount: number): WriteItem {
  // An account nothing was ever said of has a balance of 0, which is where ADD begins.
  const change = together(standingRow.marks, { add: { availableBalance: amount, lentInAll: -amount } });
  return update(standingKey(uid), change, [], neverRefused);
}

/**
 * Moves an account's available balance, and what it has lent in all, from what was read to what is to be. `Stale` if anything of its
 * standing is no longer as it was read, so that what is answered of it held when it was written.
 */
export function moveBalance(uid: number, before: Standing, after: Standing, lent?: Lent): WriteItem {
  return setStanding(uid, { availableBalance: after.availableBalance }, before, lent);
}

/** What an account had lent in all when that was read, and what is added to it. */
export interface Lent {
  readonly before: number;
  readonly amount: number;
}

/** Sets some attributes of a standing if others are as they were read; `Stale` if they are not. */
function setStanding(uid: number, said: Partial<Standing>, asRead: Partial<Standing>, lent?: Lent): WriteItem {
  const conditions = namesOf(asRead).map((name) => isAsRead(name, asRead[name]));
  const change = together(standingRow.marks, { set: said }, lent ? { add: { lentInAll: lent.amount } } : {});
  const asLent = lent ? [isStillLent(lent.before)] : [];
  return update(standingKey(uid), change, [...conditions, ...asLent], () => new Stale());
}

function isStillLent(before: number): Fragment {
  const values = { ':lentBefore': before };
  if (before === 0) return unsaidOr('lentInAll', '= :lentBefore', values);
  return { text: '#lentInAll = :lentBefore', values };
}

/** What was never said counts as clear. */
function isAsRead(name: keyof Standing, value: unknown): Fragment {
  const values = { [`:read_${name}`]: value };
  if (value === clearStanding[name]) return unsaidOr(name, `= :read_${name}`, values);
  return { text: `#${name} = :read_${name}`, values };
}

type Trouble = 'frozen' | 'openOrders' | 'overdrawn' | 'arrears';

interface Clearance {
  readonly isClear: (standing: Standing) => boolean;
  /** The same as a condition on the row; what was never said is clear. */
  readonly condition: Fragment;
}

/** What may be the matter with an account, in the order in which it is told. */
const clearances: Readonly<Record<Trouble, Clearance>> = {
  frozen: { isClear: ({ frozen }) => !frozen, condition: unsaidOr('frozen', '= :no', { ':no': false }) },
  openOrders: { isClear: ({ openOrders }) => openOrders === 0, condition: unsaidOr('openOrders', '= :none') },
  overdrawn: {
    isClear: ({ availableBalance }) => availableBalance >= 0,
    condition: unsaidOr('availableBalance', '>= :none'),
  },
  arrears: { isClear: ({ arrears }) => arrears === 0, condition: unsaidOr('arrears', '= :none') },
};

/** The reasons whose one fact is an account. */
type AccountReason = {
  [R in Reason]: Reasons[R] extends { uid: number } ? ({ uid: number } extends Reasons[R] ? R : never) : never;
}[Reason];

/** Lets a transaction pass only while the account is clear of these troubles; the first it is not clear of is the reason told. */
export function checkClear(uid: number, reasons: Readonly<Partial<Record<Trouble, AccountReason>>>): WriteItem {
  const checked = entriesOf(clearances).filter(([trouble]) => reasons[trouble]);
  const conditions = checked.map(([, { condition }]) => condition);
  return check(standingKey(uid), conditions, (row) => {
    const standing = standingOf(row);
    const [found] = checked.find(([, { isClear }]) => !isClear(standing)) ?? [];
    const reason = found && reasons[found];
    return reason ? new Refusal(reason, { uid }) : neverRefused(row);
  });
}

function unsaidOr(
  attribute: keyof Standing | 'lentInAll',
  comparison: string,
  values: Fragment['values'] = { ':none': 0 },
): Fragment {
  return anyOf([{ text: `attribute_not_exists(#${attribute})` }, { text: `#${attribute} ${comparison}`, values }]);
}

/** `Object.entries` widens keys to string; these are troubles by the table's type. */
function entriesOf(table: typeof clearances): [Trouble, Clearance][] {
  return Object.entries(table) as [Trouble, Clearance][];
}

/** `Object.keys` widens to string; the keys of a part of a standing are those of one, by its type. */
function namesOf(part: Partial<Standing>): (keyof Standing)[] {
  return Object.keys(part) as (keyof Standing)[];
}
