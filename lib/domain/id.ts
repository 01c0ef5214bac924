/** Ids of relations are times: so many ids to the millisecond, from this moment on (docs/decisions.md D2). */
export const ID_EPOCH_MS = Date.UTC(2024, 0, 1);
export const ID_STEPS_PER_MS = 4096;

/** Within a burst ids count up whatever the clock does, so they may be ahead of it by as much. */
export const LONGEST_BURST_MS = 60_000;

/** No id that was drawn by `nowMs` is greater, in whatever burst, with as much again for clocks that differ. */
export function greatestIdAt(nowMs: number): number {
  return Math.max(0, (nowMs - ID_EPOCH_MS + 2 * LONGEST_BURST_MS) * ID_STEPS_PER_MS);
}
