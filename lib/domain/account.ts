declare module '#lib/errors.ts' {
  interface Reasons {
    AccountUnknown: { party: 'parent' | 'child' | 'account'; uid: number };
    AccountExists: { uid: number };
    EmailClaimed: { email: string };
    AccessKeyExists: { keyId: string };
    AccessKeyUnknown: { keyId: string };
    /** A resource account is used through its directory alone: nobody signs as its root user. */
    RootUserDisabled: { uid: number };
  }
}

/** A registered cloud account: a party of relations. */
export interface Account {
  readonly uid: number;
  /** The login name other parties see. */
  readonly name: string;
  /** The verified enterprise name; empty until the account is verified. */
  readonly legalName: string;
  readonly email?: string | undefined;
  readonly createdAtMs: number;
}

/** An access key, by which an account or an operator signs. */
export interface AccessKey {
  readonly keyId: string;
  /** The account it acts for; absent on an operator's key. */
  readonly uid?: number | undefined;
  /** Whether it is the root user's of its account; all others count as keys of a user with every right. */
  readonly isRoot?: boolean | undefined;
  readonly active: boolean;
  /** Only for an imported secret; all others are derived from the master key. */
  readonly sealedSecret?: string | undefined;
  readonly createdAtMs: number;
}

/**
 * Whether both are verified under one name; two unverified accounts do not count as the same
 * (docs/vendors/alibaba-bss.md 2.4).
 */
export function haveSameLegalName(one: Pick<Account, 'legalName'>, other: Pick<Account, 'legalName'>): boolean {
  return one.legalName !== '' && one.legalName === other.legalName;
}

/** An account's financial standing, which may stand in the way of linking and ending relations. Money in minor currency units. */
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

/** The standing of an account for which none was ever set. */
export const clearStanding: Standing = { availableBalance: 0, arrears: 0, openOrders: 0, frozen: false };

const standingFields = ['availableBalance', 'arrears', 'openOrders', 'frozen'] as const satisfies (keyof Standing)[];

/** The fields of a standing that differ, each as in `arrearsBefore` and `arrearsAfter`. */
export function changesOf(before: Standing, after: Standing): Readonly<Record<string, number | boolean>> {
  const changed = standingFields.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(
    changed.flatMap((field) => [
      [`${field}Before`, before[field]],
      [`${field}After`, after[field]],
    ]),
  );
}

/** The largest amount of money, in minor units, so that sums of balances stay exact. */
export const MOST_MONEY = 1_000_000_000_000_000;
