/** The holder of the access key that signed: an operator of this service, or an account. */
export type Signatory =
  | { readonly kind: 'operator'; readonly keyId: string }
  | { readonly kind: 'account'; readonly keyId: string; readonly uid: number; readonly isRoot: boolean };

/** Who acts: the signatory, the clock when a deadline has passed, or whoever has followed a mailed link. */
export type Caller = Signatory | { readonly kind: 'clock' } | { readonly kind: 'bearer' };

/** One verified call. */
export interface Call {
  readonly requestId: string;
  readonly action: string;
  readonly caller: Caller;
  /** The account that acts; undefined for an operator, the clock and the bearer of a link. */
  readonly uid: number | undefined;
  /** Makes an id for an event of the call, greater than those before. */
  readonly newEventId: () => string;
  /** The domain's time when the call began, epoch ms. */
  readonly nowMs: number;
  /** The domain's time at this moment, epoch ms. Writes compare deadlines with it, because retries may come much later. */
  readonly now: () => number;
  /** The address the request came from. */
  readonly sourceIp: string;
}

/** Who may call an operation: accounts, operators of this service, or both. */
export type Access = 'account' | 'operator' | 'anyone';

/** A call of an operation with that access. */
export type CallBy<A extends Access> = {
  account: Call & { readonly uid: number };
  operator: Call;
  anyone: Call;
}[A];

/** Whether the root user of an account acts, and not a user of it with every right. */
export function isRootUser(caller: Caller): boolean {
  return caller.kind === 'account' && caller.isRoot;
}
