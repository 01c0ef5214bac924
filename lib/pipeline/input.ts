import * as v from 'valibot';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';

type Issue = v.BaseIssue<unknown>;

/**
 * Decodes an operation's own parameters. Throws `ParameterMissing` with the wire name of the first that is missing, else
 * `ParameterInvalid` with that of the first at fault (reference volcengine-billing 3).
 */
export function inputOf<Schema extends v.GenericSchema<object, object>>(
  schema: Schema,
  parameters: Parameters,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parameters);
  if (result.success) return result.output;
  const missing = result.issues.find(isMissing);
  if (missing) throw new Refusal('ParameterMissing', { parameter: nameOf(missing) });
  throw new Refusal('ParameterInvalid', { parameter: nameOf(result.issues[0]) });
}

function isMissing({ input, path }: Issue): boolean {
  return path?.length === 1 && input === undefined;
}

/** Members of lists are counted from 1. */
function nameOf({ path }: Issue): string {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? key + 1 : String(key))).join('.');
}
