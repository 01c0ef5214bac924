/** In which way a parameter is invalid. `type`: it is not a thing of the kind it has to be, such as a text where a list belongs. */
export type Fault = 'type' | 'format' | 'length' | 'range' | 'value' | 'taken';

/** What a request is refused for whatever it asks for. Dialects have words for these, because the product may be unknown yet. */
export interface GatewayReasons {
  ActionUnknown: { action: string; version: string };
  ActionMissing: { parameter: 'Action' | 'Version' };
  PathUnknown: { path: string };
  MethodNotAllowed: { method: string };
  BodyTooLarge: { limitBytes: number };
  BodyUnreadable: { mediaType: string };
  QueryUnreadable: Record<never, never>;
  TooManyParameters: { most: number };
  FormatUnknown: Record<never, never>;
  NonceUsed: Record<never, never>;
  Busy: Record<never, never>;
  OutcomeUnknown: Record<never, never>;
  Internal: Record<never, never>;
}

/** What any operation may refuse a call for, so that none declares it. */
export interface CommonReasons extends GatewayReasons {
  ParameterMissing: { parameter: string };
  ParameterInvalid: { parameter: string; fault: Fault };
  ParameterRepeated: { parameter: string };
  TokenReused: Record<never, never>;
  DryRunPassed: Record<never, never>;
  CallerNotOperator: { product: string; action: string };
  CallerNotAccount: { product: string; action: string };
}

/**
 * Every reason for which a call is refused, once, with the facts its message needs. A reason is canonical: each product has its own
 * code, HTTP status and message for it. The interface is open: an aggregate adds its reasons where its domain is, by
 * `declare module '#lib/errors.ts'`.
 */
export interface Reasons extends CommonReasons {
  AlternativesMissing: { alternatives: string };
}

export type GatewayReason = keyof GatewayReasons;
export type CommonReason = keyof CommonReasons;
export type Reason = keyof Reasons;

/** The reasons whose messages need no facts. */
export type PlainReason = { [R in Reason]: Record<never, never> extends Reasons[R] ? R : never }[Reason];

/** The compiler holds the list against the type: nothing is missing from it, and nothing else is in it. */
const common: Readonly<Record<CommonReason, true>> = {
  ActionUnknown: true,
  ActionMissing: true,
  PathUnknown: true,
  MethodNotAllowed: true,
  BodyTooLarge: true,
  BodyUnreadable: true,
  QueryUnreadable: true,
  TooManyParameters: true,
  ParameterMissing: true,
  ParameterInvalid: true,
  ParameterRepeated: true,
  FormatUnknown: true,
  TokenReused: true,
  DryRunPassed: true,
  NonceUsed: true,
  CallerNotOperator: true,
  CallerNotAccount: true,
  Busy: true,
  OutcomeUnknown: true,
  Internal: true,
};

/** What any operation may refuse for. */
export const commonReasons: readonly CommonReason[] = reasonsIn(common);

/** Whether any operation may refuse for this reason. */
export function isCommon(reason: Reason): reason is CommonReason {
  return Object.hasOwn(common, reason);
}

/** A call refused for a reason its caller can be told. Whatever else is thrown is a fault, logged whole and answered bare. */
export class Refusal<R extends Reason = Reason> extends Error {
  readonly reason: R;
  readonly facts: Reasons[R];

  constructor(reason: R, facts: Reasons[R], options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Refusal';
    this.reason = reason;
    this.facts = facts;
  }
}

/** How one reason is answered. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Volcengine's CodeN. */
  readonly number?: number;
}

/** The words for some reasons; the type leaves none of them out and checks each message's facts. */
export type ErrorCatalogue<R extends Reason = Reason> = { readonly [Name in R]: (facts: Reasons[Name]) => ErrorAnswer };

/** The reasons a product's catalogue has words for beside the common ones: those its operations may declare. */
export type OwnReason<Catalogue> = Exclude<keyof Catalogue & Reason, CommonReason>;

/** The answer to a refusal by the first catalogue that has words for it; undefined if none has. */
export function answerTo<R extends Reason>(
  { reason, facts }: Refusal<R>,
  catalogues: readonly Partial<ErrorCatalogue>[],
): ErrorAnswer | undefined {
  return catalogues.find((catalogue) => Object.hasOwn(catalogue, reason))?.[reason]?.(facts);
}

/** The reasons a catalogue has words for, in its order. `Object.keys` widens to string; the keys are reasons by the type. */
export function reasonsIn<R extends Reason>(catalogue: Readonly<Partial<Record<R, unknown>>>): R[] {
  return Object.keys(catalogue) as R[];
}
