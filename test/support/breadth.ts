import { test } from 'vitest';

/**
 * Whether every operation is tried in every combination, as `npm run test:whole` does. By default the operations of a suite take the
 * combinations and the kinds of test in turn: each operation has some, and each of them has operations of every product. What is tried is the
 * pipeline, which is the same for all of them.
 */
const isWhole = process.env['TRIBUTARY_TESTS'] === 'whole';

/** What of the alternatives the nth operation is tried in. */
export function inTurn<T>(alternatives: readonly T[], nth: number): readonly T[] {
  return isWhole ? alternatives : alternatives.filter((_, which) => which === nth % alternatives.length);
}

/** How often something is tried whose outcome depends on chance or on timing: `whole` times by `npm run test:whole`, by default `brief` times. */
export function times(whole: number, brief: number): number {
  return isWhole ? whole : brief;
}

/**
 * Whether the nth operation meets a kind of test, of those that a suite holds against each operation. By default it meets every `stride`th
 * of them, and the next operation those after these. Other turns of the same suite are of a length that has no divisor in common with it,
 * or a kind would meet only some of theirs.
 */
export function meets(nth: number, kind: number, stride: number): boolean {
  return isWhole || (nth + kind) % stride === 0;
}

/** Defines tests, each of a kind of its own, of which the nth operation meets those that are its turn. */
export function turnOf(nth: number, stride: number): (name: string, run: () => Promise<void>) => void {
  let kind = 0;
  return (name, run) => {
    if (meets(nth, kind++, stride)) test(name, run);
  };
}
