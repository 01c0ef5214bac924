/** In which way a parameter is invalid. `type`: it is of another kind, such as a text in place of a list. */
export type Fault = 'type' | 'format' | 'length' | 'range' | 'value' | 'taken';

/** Reasons that do not depend on the operation. Dialects have messages for them, because the product may not be known yet. */
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

/** Reasons for which any operation may refuse, so that none has to declare them. */
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
 * Every reason for which a call may be refused, with the facts its message needs. Each product has its own code, HTTP
 * status and message for a reason. An aggregate adds its reasons in its own folder, by `declare module '#lib/errors.ts'`.
 */
export interface Reasons extends CommonReasons {
  AlternativesMissing: { alternatives: string };
}

export type GatewayReason = keyof GatewayReasons;
export type CommonReason = keyof CommonReasons;
export type Reason = keyof Reasons;

/** The reasons whose messages need no facts. */
export type PlainReason = { [R in Reason]: Record<never, never> extends Reasons[R] ? R : never }[Reason];

/** The type makes the compiler refuse a missing or an unknown reason. */
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

/** The common reasons. */
export const commonReasons: readonly CommonReason[] = reasonsIn(common);

/** Whether any operation may refuse for this reason. */
export function isCommon(reason: Reason): reason is CommonReason {
  return Object.hasOwn(common, reason);
}

/** A call refused for a reason that the caller is told. Every other error is logged in full and answered without detail. */
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

/** The answer for one reason. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Volcengine's CodeN. */
  readonly number?: number;
}

/** The answers for some reasons. The type lets none be left out, and checks the facts of each message. */
export type ErrorCatalogue<R extends Reason = Reason> = { readonly [Name in R]: (facts: Reasons[Name]) => ErrorAnswer };

/** The reasons in a product's catalogue besides the common ones: those that its operations may declare. */
export type OwnReason<Catalogue> = Exclude<keyof Catalogue & Reason, CommonReason>;

/** The answer to a refusal from the first catalogue that has its reason; undefined if none has. */
export function answerTo<R extends Reason>(
  { reason, facts }: Refusal<R>,
  catalogues: readonly Partial<ErrorCatalogue>[],
): ErrorAnswer | undefined {
  return catalogues.find((catalogue) => Object.hasOwn(catalogue, reason))?.[reason]?.(facts);
}

/** The reasons in a catalogue, in its order. `Object.keys` widens to string; the keys are reasons by the type. */
export function reasonsIn<R extends Reason>(catalogue: Readonly<Partial<Record<R, unknown>>>): R[] {
  return Object.keys(catalogue) as R[];
}
