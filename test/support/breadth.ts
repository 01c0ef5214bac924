/**
 * Whether every operation is tried in every combination, as `npm run test:whole` does. By default the operations of a suite take the
 * combinations in turn: each operation has some, and each combination has operations of every product. What is tried is the pipeline, which
 * is the same for all of them.
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
