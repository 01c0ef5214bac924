import { headerOf, MAX_PARAMETERS, type Received } from '#lib/auth/received.ts';
import { Refusal } from '#lib/errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Strings and numbers in valid JSON. Strings are matched so that digits within them are skipped. */
const textOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * The JSON object in a body. A number that JavaScript would write otherwise becomes the text of its digits. Throws
 * `BodyUnreadable` for anything but an object, and `TooManyParameters` if it holds more values, at any depth, than a
 * request may have parameters.
 */
export function jsonObject(request: Received): object {
  const unreadable = new Refusal('BodyUnreadable', { mediaType: headerOf(request, 'content-type') ?? 'none' });
  const text = request.content === 'json' ? textOf(request.body) : undefined;
  if (text === undefined) throw unreadable;
  const value = parsed(text);
  if (!isObject(value)) throw unreadable;
  if (hasMoreValues(value, MAX_PARAMETERS)) throw new Refusal('TooManyParameters', { most: MAX_PARAMETERS });
  const exact = text.replace(textOrNumber, (token) => (isRespelt(token) ? `"${token}"` : token));
  const kept = exact === text ? value : parsed(exact);
  return isObject(kept) ? kept : value;
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether an object holds more than `most` values, at any depth. Stops counting there, and does not recurse: the depth
 * is the sender's choice.
 */
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

/** Whether JavaScript would write a number otherwise than it was sent: rounded, or without its zeros or its exponent. */
function isRespelt(token: string): boolean {
  return !token.startsWith('"') && String(Number(token)) !== token;
}
