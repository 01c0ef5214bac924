import type { Pair } from '#lib/auth/encoding.ts';
import type { Readable } from '#lib/auth/received.ts';
import type { Parameter, Parameters } from '#lib/dialects/dialect.ts';
import { jsonObject } from '#lib/dialects/json.ts';
import { Refusal } from '#lib/errors.ts';

const listMember = /^(.+)\.\d{1,4}$/;

/** How many characters of a refused name the answer repeats. */
const MAX_SHOWN = 128;

/** Name the operation when they are in the query. In a body they are ordinary fields. */
const names: ReadonlySet<string> = new Set(['Action', 'Version']);

/**
 * The parameters of query and body together; of the query alone in a GET or without a body. Both may name a parameter
 * if they agree, else it is refused with `ParameterRepeated`. Beside a body, `Action` and `Version` in the query only
 * name the operation (docs/vendors/volcengine-billing.md 3). Null and empty text count as absent.
 */
export function volcengineParameters(request: Readable): Parameters {
  const { content, formPairs, method, queryPairs } = request;
  const inQuery = ofPairs(queryPairs);
  if (content === 'none' || method === 'GET') return inQuery;
  const inBody = content === 'form' ? ofPairs(formPairs) : present(jsonObject(request));
  const beside = Object.entries(inQuery).filter(([name]) => !names.has(name));
  for (const [parameter, value] of beside) {
    const isSame = !Object.hasOwn(inBody, parameter) || textOf(inBody[parameter]) === textOf(value);
    if (!isSame) throw new Refusal('ParameterRepeated', { parameter: parameter.slice(0, MAX_SHOWN) });
  }
  return { ...Object.fromEntries(beside), ...inBody };
}

/** A parameter's text, so that a number, its text and a list of only that compare as equal. Not every object can be made a text of. */
function textOf(value: Parameter | undefined): string {
  return JSON.stringify([value].flat().map((one) => (typeof one === 'object' ? one : String(one))));
}

/** Parameters in the clients' flattened form: a list repeats its name or numbers it (docs/vendors/wire.md 5.1). */
function ofPairs(pairs: readonly Pair[]): Parameters {
  const sent = new Map<string, { isNumbered: boolean; values: string[] }>();
  for (const [name, value] of pairs) {
    const listName = listMember.exec(name)?.[1];
    const { isNumbered = false, values = [] } = sent.get(listName ?? name) ?? {};
    values.push(value);
    sent.set(listName ?? name, { isNumbered: isNumbered || listName !== undefined, values });
  }
  const parameters: Record<string, Parameter> = Object.create(null);
  for (const [name, { isNumbered, values }] of sent) {
    const [first = ''] = values;
    parameters[name] = isNumbered || values.length > 1 ? values : first;
  }
  return present(parameters);
}

function present(parameters: object): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '' && value !== null));
}
