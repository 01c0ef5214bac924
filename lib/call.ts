/** Whose access key signed: an operator of this service, or an account. */
export type Signatory =
  | { readonly kind: 'operator'; readonly keyId: string }
  | { readonly kind: 'account'; readonly keyId: string; readonly uid: number; readonly isRoot: boolean };

/** Who acts: whoever signed, or the clock, when a deadline has passed. */
export type Caller = Signatory | { readonly kind: 'clock' };

/** One verified call, as far as its operation and its records need to know it. */
export interface Call {
  readonly requestId: string;
  readonly action: string;
  readonly caller: Caller;
  /** The account that acts; undefined for an operator, and for the clock. */
  readonly uid: number | undefined;
  /** Draws an id for an event of the call, as its write is made: above all that were drawn before. */
  readonly newEventId: () => string;
  /** The domain's time for the whole call, epoch ms. */
  readonly nowMs: number;
  /** The domain's time at this moment, which a write is compared with as it is sent: it may be well after the call has begun. */
  readonly now: () => number;
  /** The address the request came from. */
  readonly sourceIp: string;
}

/** Whose keys may call an operation: accounts, each for itself, or operators of this service, or both. */
export type Access = 'account' | 'operator' | 'anyone';

/** A call as its operation sees it. */
export type CallBy<A extends Access> = {
  account: Call & { readonly uid: number };
  operator: Call;
  anyone: Call;
}[A];
