import * as v from 'valibot';
import { MAX_PARAMETERS } from '#lib/auth/received.ts';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { type Fault, Refusal } from '#lib/errors.ts';

const digits = /^\d{1,16}$/;

/** A whole number from `least` to `most`, sent as a number or as decimal text; never beyond 2^53. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(digits), v.transform(Number))]),
    v.safeInteger(),
    v.minValue(least),
    v.maxValue(most),
  );
}

/** Text without control characters, lone surrogates and non-characters, which XML answers or the table cannot hold. */
export const writable = /^[^\p{Cc}\p{Surrogate}\uFFFE\uFFFF]*$/u;

/** Text of at most `most` UTF-16 code units that every answer and the table can hold. */
export function text(most: number) {
  return v.pipe(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), v.maxLength(most), v.regex(writable));
}

/** An optional parameter. `note` is added to its description: when it is required, or what its absence means. */
export function optionalField<Schema extends v.GenericSchema>(schema: Schema, note: string) {
  return v.optional(v.pipe(schema, v.description([v.getDescription(schema), note].join(' ').trim())));
}

/** `true` or `false`, as a boolean or as text in any case: Python's clients send `True`. */
export const flag = v.union([
  v.boolean(),
  v.pipe(
    v.string(),
    v.toLowerCase(),
    v.picklist(['true', 'false']),
    v.transform((value) => value === 'true'),
  ),
]);

/** What a text of JSON says. A list in it is no longer than one that is sent member by member. */
export const jsonText = v.pipe(
  v.string(),
  v.parseJson(),
  v.check((value) => !Array.isArray(value) || value.length <= MAX_PARAMETERS),
);

/** The members of a list that commas join. Throws `TooManyParameters` for more than could be sent one by one. */
export function joined(list: string): string[] {
  const members = list.split(',', MAX_PARAMETERS + 1);
  if (members.length > MAX_PARAMETERS) throw new Refusal('TooManyParameters', { most: MAX_PARAMETERS });
  return members;
}

/** The uid of an account: decimal, up to 16 digits. */
export const uid = integer(1);

type Issue = v.BaseIssue<unknown>;

/**
 * Decodes an operation's parameters. Throws `ParameterMissing` with the wire name of the first that is missing, else
 * `ParameterInvalid` with that of the first invalid one (docs/vendors/volcengine-billing.md 3).
 */
export function inputOf<Schema extends v.GenericSchema<object, object>>(
  schema: Schema,
  parameters: Parameters,
): v.InferOutput<Schema> {
  // What is too long is not looked at further: to count its graphemes takes time that grows with the square of its length.
  const result = v.safeParse(schema, parameters, { abortPipeEarly: true });
  if (result.success) return result.output;
  const missing = result.issues.find(isMissing);
  if (missing) throw new Refusal('ParameterMissing', { parameter: nameOf(missing) });
  const [first] = result.issues;
  throw new Refusal('ParameterInvalid', { parameter: nameOf(first), fault: faultOf(first) });
}

function isMissing({ input, path }: Issue): boolean {
  return path?.length === 1 && input === undefined;
}

/** List members are counted from 1, as on the wire. */
function nameOf({ path }: Issue): string {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? key + 1 : String(key))).join('.');
}

const enumerations: ReadonlySet<string> = new Set(['picklist', 'literal']);

const faults: ReadonlyMap<string, Fault> = new Map([
  ['min_length', 'length'],
  ['max_length', 'length'],
  ['min_graphemes', 'length'],
  ['max_graphemes', 'length'],
  ['min_value', 'range'],
  ['max_value', 'range'],
  ['safe_integer', 'range'],
  ['not_value', 'value'],
  ['check', 'value'],
]);

/** If no alternative of a union fits, the fault of the closest one counts: the value had at least its type. */
function faultOf({ input, issues, kind, type }: Issue): Fault {
  const closest = issues?.map(faultOf).find((fault) => fault !== 'type');
  if (closest) return closest;
  if (kind === 'schema') return enumerations.has(type) && typeof input !== 'object' ? 'value' : 'type';
  return faults.get(type) ?? 'format';
}
