import type { Standing } from '#lib/domain/account.ts';
import { type Reason, type Reasons, Refusal } from '#lib/errors.ts';
import { standingKey } from '#lib/store/keys.ts';
import { standingOf, unsetOr } from '#lib/store/standings.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import type { Fragment } from '#lib/table/expressions.ts';
import { check, neverRefused } from '#lib/table/items.ts';

/** What may stand in the way of linking or ending relations of an account. */
type Obstacle = 'frozen' | 'openOrders' | 'overdrawn' | 'arrears';

interface Clearance {
  readonly isClear: (standing: Standing) => boolean;
  /** The same as a condition of a write; an attribute that was never set is clear. */
  readonly condition: Fragment;
}

/** The obstacles in the order in which they are checked. */
const clearances: Readonly<Record<Obstacle, Clearance>> = {
  frozen: { isClear: ({ frozen }) => !frozen, condition: unsetOr('frozen', '= :no', { ':no': false }) },
  openOrders: { isClear: ({ openOrders }) => openOrders === 0, condition: unsetOr('openOrders', '= :none') },
  overdrawn: {
    isClear: ({ availableBalance }) => availableBalance >= 0,
    condition: unsetOr('availableBalance', '>= :none'),
  },
  arrears: { isClear: ({ arrears }) => arrears === 0, condition: unsetOr('arrears', '= :none') },
};

/** The reasons whose one fact is an account. */
type AccountReason = {
  [R in Reason]: Reasons[R] extends { uid: number } ? ({ uid: number } extends Reasons[R] ? R : never) : never;
}[Reason];

/** Lets a transaction pass only while the account has none of these obstacles. Refused for the first that it has. */
export function checkClear(uid: number, reasons: Readonly<Partial<Record<Obstacle, AccountReason>>>): WriteItem {
  const checked = entriesOf(clearances).filter(([obstacle]) => reasons[obstacle]);
  const conditions = checked.map(([, { condition }]) => condition);
  return check(standingKey(uid), conditions, (row) => {
    const standing = standingOf(row);
    const [found] = checked.find(([, { isClear }]) => !isClear(standing)) ?? [];
    const reason = found && reasons[found];
    return reason ? new Refusal(reason, { uid }) : neverRefused(row);
  });
}

/** `Object.entries` widens keys to string; these are obstacles by the table's type. */
function entriesOf(table: typeof clearances): [Obstacle, Clearance][] {
  return Object.entries(table) as [Obstacle, Clearance][];
}
