import type { RawRequest } from '#lib/auth/authenticate.ts';
import { decodeForm, decodePairs, isForm, type Pair, splitUrl } from '#lib/auth/encoding.ts';
import type { Parameter, Parameters } from '#lib/dialects/dialect.ts';
import { jsonObject } from '#lib/dialects/json.ts';
import { Refusal } from '#lib/errors.ts';

const listMember = /^(.+)\.\d{1,4}$/;

/**
 * The business parameters: of the JSON or form body, or of the query when there is no body; never of both, because a body may
 * hold a field that is called as the query's `Action` (reference volcengine-billing 3). Null and empty text count as absent.
 */
export function volcengineParameters(request: RawRequest): Parameters {
  const { body, headers, url } = request;
  const mediaType = headers.get('content-type');
  if (body.length === 0) return ofPairs(decodePairs(splitUrl(url).query), new Refusal('QueryUnreadable', {}));
  if (isForm(mediaType)) return ofPairs(decodeForm(body), new Refusal('BodyUnreadable', { mediaType: 'form' }));
  return present(jsonObject(body, mediaType));
}

/** Parameters as the clients flatten them: a list repeats its name, or numbers it (reference wire 5.1). */
function ofPairs(pairs: readonly Pair[] | undefined, unreadable: Refusal): Parameters {
  if (pairs === undefined) throw unreadable;
  const parameters: Record<string, Parameter> = Object.create(null);
  for (const [name, value] of pairs) {
    const listName = listMember.exec(name)?.[1];
    const earlier = parameters[listName ?? name];
    if (listName === undefined && earlier === undefined) parameters[name] = value;
    else
      parameters[listName ?? name] = [
        ...(Array.isArray(earlier) ? earlier : earlier === undefined ? [] : [earlier]),
        value,
      ];
  }
  return present(parameters);
}

function present(parameters: object): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '' && value !== null));
}
