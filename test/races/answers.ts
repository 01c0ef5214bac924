import type { Answer, Estate } from '#test/support/estate.ts';
import { allOf } from '#test/workers/overdue.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Every status a list can be asked for. */
export const allStatuses = [
  'CONFIRMING',
  'RELATED',
  'CHANGE_CONFIRMING',
  'REJECTED',
  'CONNECTION_MASTER_CANCEL',
  'CONNECTION_CANCELED',
] as const;

/** How often each outcome came: `done`, or the reason of a refusal. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = status === 200 ? 'done' : String(body.Reason ?? body.Code);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** The same asked of the numbers 0 to `count` - 1 at once. */
export function atOnce(count: number, ask: (index: number) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
}

/** Everything the table holds of one type, in the order of keys. */
export async function stored(estate: Estate, type: string): Promise<Record<string, unknown>[]> {
  const rows = await allOf(estate, type);
  const keyOf = ({ pk, sk }: Record<string, unknown>) => `${pk} ${sk}`;
  return rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
