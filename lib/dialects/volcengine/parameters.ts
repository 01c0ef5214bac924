import type { Pair } from '#lib/auth/encoding.ts';
import { headerOf, type Received } from '#lib/auth/received.ts';
import type { Parameter, Parameters } from '#lib/dialects/dialect.ts';
import { jsonObject } from '#lib/dialects/json.ts';
import { Refusal } from '#lib/errors.ts';

const listMember = /^(.+)\.\d{1,4}$/;

/**
 * The business parameters: of the JSON or form body, or of the query when there is no body; never of both, because a body may
 * hold a field that is called as the query's `Action` (docs/vendors/volcengine-billing.md 3). Null and empty text count as absent.
 */
export function volcengineParameters(request: Received): Parameters {
  const { body, formPairs, isForm, queryPairs } = request;
  if (body.length === 0) return ofPairs(queryPairs, new Refusal('QueryUnreadable', {}));
  if (isForm) return ofPairs(formPairs, new Refusal('BodyUnreadable', { mediaType: 'form' }));
  return present(jsonObject(body, headerOf(request, 'content-type')));
}

/** Parameters as the clients flatten them: a list repeats its name, or numbers it (docs/vendors/wire.md 5.1). */
function ofPairs(pairs: readonly Pair[] | undefined, unreadable: Refusal): Parameters {
  if (pairs === undefined) throw unreadable;
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
