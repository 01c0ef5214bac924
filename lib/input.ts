import * as v from 'valibot';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';

/** Decodes an operation's own parameters. Throws `ParameterMissing` or `ParameterInvalid` with the wire name of the first at fault. */
export function inputOf<Schema extends v.GenericSchema<object, object>>(
  schema: Schema,
  parameters: Parameters,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parameters, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path ?? [];
  const parameter = path.map(({ key }) => (typeof key === 'number' ? key + 1 : String(key))).join('.');
  const isMissing = path.length === 1 && issue.input === undefined;
  throw isMissing ? new Refusal('ParameterMissing', { parameter }) : new Refusal('ParameterInvalid', { parameter });
}
