/** `rel` and `auth` before the digits of an id (reference volcengine-billing 1.10). */
export function relationIdText(id: number): string {
  return `rel${id}`;
}

export function authIdText(id: number): string {
  return `auth${id}`;
}

export const idTexts = { relation: /^rel\d{1,19}$/, auth: /^auth\d{1,19}$/ } as const;

/** The id of such a text; 0, which belongs to nothing, for digits that no id here is written with. */
export function idOf(text: string): number {
  const digits = text.replace(/^\D+/, '');
  return String(Number(digits)) === digits ? Number(digits) : 0;
}

const utcPlus8Ms = 8 * 60 * 60 * 1000;

/** `YYYY-MM-DD hh:mm:ss` in UTC+8 (reference volcengine-billing 1.10). */
export function dateTime(epochMs: number): string {
  return new Date(epochMs + utcPlus8Ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** A request id as the vendor's look: the time in UTC+8 and 20 hex digits of the given random ones. */
export function requestIdText(epochMs: number, hex: string): string {
  return `${dateTime(epochMs).replace(/\D/g, '')}${hex.slice(0, 20).toUpperCase()}`;
}
