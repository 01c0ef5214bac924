/** Whose access key signed: an operator of this service, or an account. */
export type Signatory =
  | { readonly kind: 'operator'; readonly keyId: string }
  | { readonly kind: 'account'; readonly keyId: string; readonly uid: number };

/** Who acts: whoever signed, or the clock, when a deadline has passed. */
export type Caller = Signatory | { readonly kind: 'clock' };

/** One verified call, as far as its operation and its records need to know it. */
export interface Call {
  readonly requestId: string;
  readonly action: string;
  readonly caller: Caller;
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

/** A call as its operation sees it: `uid` is the account that acts, which an operator has none of. */
export type CallBy<A extends Access> = {
  account: Call & { readonly uid: number };
  operator: Call;
  anyone: Call & { readonly uid: number | undefined };
}[A];

/** The account that acts; undefined for an operator. */
export function actingUid(caller: Caller): number | undefined {
  return caller.kind === 'account' ? caller.uid : undefined;
}

/** Who acts, as records name it: an account's uid, or `operator`, or `clock`. */
export function actorOf(caller: Caller): number | 'operator' | 'clock' {
  return caller.kind === 'account' ? caller.uid : caller.kind;
}

/** The key by which an operator acts: that alone tells one operator from another. An account is told by its uid. */
export function actorKeyIdOf(caller: Caller): string | undefined {
  return caller.kind === 'operator' ? caller.keyId : undefined;
}
