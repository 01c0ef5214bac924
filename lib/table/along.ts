import type { Key, Row, Table } from '#lib/table/table.ts';

/** So much is remembered at most; what was not asked for the longest is forgotten first. */
const MOST_REMEMBERED = 1000;

/**
 * Where what a process has read pointed when it read it last. That says what is worth reading along the next time, and never what is so:
 * what points is read each time, and decides (docs/decisions.md D73).
 */
export interface Trail<Target> {
  /** Answers it once: whatever a wrong guess leads to, it does so in one call. */
  take(table: Table, from: string | number): Target | undefined;
  put(table: Table, from: string | number, target: Target): void;
}

/** A trail that every process begins anew. Targets are compared by identity. */
export function newTrail<Target>(): Trail<Target> {
  const trails = new WeakMap<Table, Map<string | number, Target>>();
  return {
    take(table, from) {
      const trail = trails.get(table);
      const target = trail?.get(from);
      trail?.delete(from);
      return target;
    },
    put(table, from, target) {
      const trail = trails.get(table) ?? new Map<string | number, Target>();
      trails.set(table, trail.set(from, target));
      const [oldest] = trail.size > MOST_REMEMBERED ? trail.keys() : [];
      if (oldest !== undefined) trail.delete(oldest);
    },
  };
}

/** What points, where to, and what is found there. Throws whatever `target` throws. */
interface Pointing<Found, Target> {
  readonly trail: Trail<Target>;
  /** Whose pointer it is. Nobody is to read along what was found for somebody else. */
  readonly from: string | number;
  /** Where what was found points, if anywhere. */
  readonly target: (found: Found) => Target;
}

/** Rows, and behind them those they point at: in one request if they point where they did, and in two if they do not. */
export async function getAlong<Target extends string | number>(
  table: Table,
  keys: readonly Key[],
  keysAt: (target: Target) => readonly Key[],
  { from, target, trail }: Pointing<readonly (Row | undefined)[], Target | undefined>,
): Promise<(Row | undefined)[]> {
  const guess = trail.take(table, from);
  const rows = await table.getMany([...keys, ...(guess === undefined ? [] : keysAt(guess))]);
  const found = rows.slice(0, keys.length);
  const to = target(found);
  if (to === undefined) return found;
  trail.put(table, from, to);
  return to === guess ? rows : [...found, ...(await table.getMany(keysAt(to)))];
}

/** What is found first, and what it points at: side by side if it points where it did, and one after the other if it does not. */
export async function readAlong<Found, Target extends string | number, Further>(
  table: Table,
  first: () => Promise<Found>,
  second: (target: Target) => Promise<Further>,
  { from, target, trail }: Pointing<Found, Target>,
): Promise<readonly [Found, Further]> {
  const guess = trail.take(table, from);
  const [found, along] = await Promise.all([first(), guess === undefined ? undefined : second(guess)]);
  const to = target(found);
  trail.put(table, from, to);
  return [found, to === guess && along !== undefined ? along : await second(to)];
}
