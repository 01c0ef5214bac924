import { MAX_PARAMETERS } from '#lib/auth/received.ts';
import { Refusal } from '#lib/errors.ts';

const jsonMediaType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON object a body holds. A body without a media type counts as JSON. Throws `BodyUnreadable` for anything else, and
 * `TooManyParameters` for an object that holds more values, however deep, than a request may have parameters.
 */
export function jsonObject(body: Uint8Array, mediaType: string | undefined): object {
  const unreadable = new Refusal('BodyUnreadable', { mediaType: mediaType ?? 'none' });
  if (mediaType !== undefined && !jsonMediaType.test(mediaType)) throw unreadable;
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable;
  if (hasMoreValues(value, MAX_PARAMETERS)) throw new Refusal('TooManyParameters', { most: MAX_PARAMETERS });
  return value;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** Whether there are more than `most` values within. Looks at no more of them, and nests no calls, however deep they are. */
function hasMoreValues(value: object, most: number): boolean {
  const within: object[] = [value];
  let values = 0;
  for (let next = within.pop(); next !== undefined; next = within.pop()) {
    for (const name in next) {
      if (++values > most) return true;
      const member: unknown = Reflect.get(next, name);
      if (typeof member === 'object' && member !== null) within.push(member);
    }
  }
  return false;
}
