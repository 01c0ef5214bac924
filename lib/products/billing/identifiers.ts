/** `rel` and `auth` before the digits of an id (docs/vendors/volcengine-billing.md 1.10). */
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
