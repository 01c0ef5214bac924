/** How far a request's time may be from the server's, in either direction, in ms (reference wire 6). */
export const skewMs = 15 * 60 * 1000;

const extended = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Epoch ms of `2026-01-31T08:09:10Z`; undefined for any other form or a day that does not exist. */
export function parseExtendedTime(text: string): number | undefined {
  if (!extended.test(text)) return undefined;
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) return undefined;
  return new Date(timeMs).toISOString().startsWith(text.slice(0, -1)) ? timeMs : undefined;
}

/** Epoch ms of `20260131T080910Z`; undefined for any other form or a day that does not exist. */
export function parseCompactTime(text: string): number | undefined {
  return compact.test(text) ? parseExtendedTime(text.replace(compact, '$1-$2-$3T$4:$5:$6Z')) : undefined;
}
