import type { Readable } from '#lib/auth/received.ts';
import type { Parameter, Parameters } from '#lib/dialects/dialect.ts';
import { jsonObject } from '#lib/dialects/json.ts';
import { Refusal } from '#lib/errors.ts';

const listMember = /^(.+)\.\d+$/;

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
  const inQuery = gathered(queryPairs);
  if (content === 'none' || method === 'GET') return inQuery;
  const inBody = gathered(content === 'form' ? formPairs : Object.entries(present(jsonObject(request))));
  const beside = Object.entries(inQuery).filter(([name]) => !names.has(name));
  for (const [parameter, value] of beside) {
    const other = Object.hasOwn(inBody, parameter) ? inBody[parameter] : undefined;
    if (other !== undefined && !isSame(value, other)) {
      throw new Refusal('ParameterRepeated', { parameter: parameter.slice(0, MAX_SHOWN) });
    }
  }
  return { ...Object.fromEntries(beside), ...inBody };
}

/** Whether two values say the same. A list may be of one member that is sent bare, or joined by commas; a number may be text. */
function isSame(one: Parameter, other: Parameter): boolean {
  const isList = Array.isArray(one) || Array.isArray(other);
  const [mine, theirs] = [one, other].map((value) => JSON.stringify(isList ? membersOf(value) : textOf(value)));
  return mine === theirs;
}

function membersOf(value: Parameter): Parameter[] {
  const members = [value].flat().map(textOf);
  return members
    .flatMap((member) => (typeof member === 'string' ? member.split(',') : member))
    .filter((member) => member !== '');
}

/** Not every object can be made a text of. */
function textOf(value: Parameter): Parameter {
  return typeof value === 'object' ? value : String(value);
}

/** Parameters, of which the clients' flattened form repeats the name of a list or numbers it (docs/vendors/wire.md 5.1). */
function gathered(pairs: readonly (readonly [name: string, value: Parameter])[]): Parameters {
  const sent = new Map<string, { isNumbered: boolean; values: Parameter[] }>();
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
