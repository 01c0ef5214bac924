import { Refusal } from '#lib/errors.ts';

const jsonMediaType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON object a body holds. A body without a media type counts as JSON. Throws `BodyUnreadable` for anything else. */
export function jsonObject(body: Uint8Array, mediaType: string | undefined): object {
  const unreadable = new Refusal('BodyUnreadable', { mediaType: mediaType ?? 'none' });
  if (mediaType !== undefined && !jsonMediaType.test(mediaType)) throw unreadable;
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable;
  return value;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}
