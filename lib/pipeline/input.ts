import * as v from 'valibot';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { type Fault, Refusal } from '#lib/errors.ts';

type Issue = v.BaseIssue<unknown>;

/**
 * Decodes an operation's own parameters. Throws `ParameterMissing` with the wire name of the first that is missing, else
 * `ParameterInvalid` with that of the first at fault (docs/vendors/volcengine-billing.md 3).
 */
export function inputOf<Schema extends v.GenericSchema<object, object>>(
  schema: Schema,
  parameters: Parameters,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parameters);
  if (result.success) return result.output;
  const missing = result.issues.find(isMissing);
  if (missing) throw new Refusal('ParameterMissing', { parameter: nameOf(missing) });
  const [first] = result.issues;
  throw new Refusal('ParameterInvalid', { parameter: nameOf(first), fault: faultOf(first) });
}

function isMissing({ input, path }: Issue): boolean {
  return path?.length === 1 && input === undefined;
}

/** Members of lists are counted from 1. */
function nameOf({ path }: Issue): string {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? key + 1 : String(key))).join('.');
}

const enumerations: ReadonlySet<string> = new Set(['picklist', 'literal']);

const faults: ReadonlyMap<string, Fault> = new Map([
  ['min_length', 'length'],
  ['max_length', 'length'],
  ['min_value', 'range'],
  ['max_value', 'range'],
  ['safe_integer', 'range'],
  ['not_value', 'value'],
  ['check', 'value'],
]);

/** Of alternatives none of which fits, the one tells the fault that the value came closest to: it was at least of its type. */
function faultOf({ input, issues, kind, type }: Issue): Fault {
  const closest = issues?.map(faultOf).find((fault) => fault !== 'type');
  if (closest) return closest;
  if (kind === 'schema') return enumerations.has(type) && typeof input !== 'object' ? 'value' : 'type';
  return faults.get(type) ?? 'format';
}
