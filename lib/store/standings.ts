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
  }),
});

export interface Standings {
  /** The standing of an account; clearStanding if nothing was ever said of it. */
  get(uid: number): Promise<Standing>;
}

/** The financial standings of a table. */
export function openStandings(table: Table): Standings {
  return {
    async get(uid) {
      return standingOf(await table.get(standingKey(uid)));
    },
  };
}

/** The standing of a row, or of none. */
export function standingOf(row: Row | undefined): Standing {
  return standingRow.read(row ?? {});
}

/** Says parts of an account's standing anew. `Stale` if it is not all as it was `before`; refused with `AccountUnknown`. */
export function putStanding(uid: number, said: Partial<Standing>, before: Standing): Write {
  return [
    check(accountKey(uid), [present], () => new Refusal('AccountUnknown', { party: 'account', uid })),
    setStanding(uid, said, before),
  ];
}

/** Adds to an account's available balance, in minor units; unless `least` remains, refused as given. */
export function addBalance(uid: number, amount: number, refused: () => Error, least?: number): WriteItem {
  return update(
    standingKey(uid),
    // An account nothing was ever said of has a balance of 0, which is where ADD begins.
    together(standingRow.marks, { add: { availableBalance: amount } }),
    least === undefined ? [] : [{ text: '#availableBalance >= :least', values: { ':least': least } }],
    refused,
  );
}

/** Moves an account's available balance from what was read to what is to be; `Stale` if it is no longer that. */
export function moveBalance(uid: number, before: Standing, after: Standing): WriteItem {
  const { availableBalance } = before;
  return setStanding(uid, { availableBalance: after.availableBalance }, { availableBalance });
}

/** Sets some attributes of a standing if others are as they were read; `Stale` if they are not. */
function setStanding(uid: number, said: Partial<Standing>, asRead: Partial<Standing>): WriteItem {
  const conditions = namesOf(asRead).map((name) => isAsRead(name, asRead[name]));
  return update(standingKey(uid), together(standingRow.marks, { set: said }), conditions, () => new Stale());
}

/** What was never said is read as clearStanding. */
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
  attribute: keyof Standing,
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
