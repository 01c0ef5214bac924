import { setTimeout } from 'node:timers/promises';

/** Lets work through side by side, and holds it while something is done alone. */
export interface Gate {
  /** Does the work beside other such work, once nothing is done alone any more. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Does the work once all that passed has ended, one at a time in the order asked for. Whatever comes meanwhile waits. */
  alone(work: () => Promise<void>): Promise<void>;
}

/** A client that never finishes sending its request must not hold everybody else for ever. */
const PATIENCE_MS = 10_000;

/** A gate that waits for what has passed, though no longer than `patienceMs`. */
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
