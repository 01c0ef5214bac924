/** An account's financial standing: what stands in the way of linking and ending relations. Money in minor currency units. */
export interface Standing {
  /** What the account can spend, credit lent to it included; may be negative. */
  readonly availableBalance: number;
  /** What it owes on bills. */
  readonly arrears: number;
  /** Orders not yet finished. */
  readonly openOrders: number;
  /** A frozen account cannot open relations as a parent; those it has opened stand. */
  readonly frozen: boolean;
}

/** The standing of an account nothing was ever said of. */
export const untroubled: Standing = { availableBalance: 0, arrears: 0, openOrders: 0, frozen: false };

/** No amount of money, in minor units, is larger: sums of balances stay exact. */
export const MOST_MONEY = 1_000_000_000_000_000;
