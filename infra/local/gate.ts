import { setTimeout } from 'node:timers/promises';

/** Lets work run side by side, except while something has to run alone. */
export interface Gate {
  /** Runs the work beside other such work; waits while something runs alone. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Runs the work alone, once all that was let through has ended. Such works run one after the other, in the order asked for. */
  alone(work: () => Promise<void>): Promise<void>;
}

/** A client that never finishes sending its request must not hold everybody else for ever. */
const PATIENCE_MS = 10_000;

/** A gate that waits for what it has let through, but not longer than `patienceMs`. */
export function openGate(patienceMs = PATIENCE_MS): Gate {
  const passing = new Set<Promise<unknown>>();
  let shut: Promise<unknown> = Promise.resolve();
  return {
    async pass(work) {
      let awaited: Promise<unknown>;
      do {
        awaited = shut;
        await awaited;
      } while (awaited !== shut);
      const passage = work();
      passing.add(passage);
      try {
        return await passage;
      } finally {
        passing.delete(passage);
      }
    },
    alone(work) {
      const done = shut.then(async () => {
        await Promise.race([Promise.allSettled(passing), setTimeout(patienceMs, undefined, { ref: false })]);
        await work();
      });
      shut = done.catch(() => undefined);
      return done;
    },
  };
}
