import { join } from 'node:path';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { openLocalBus } from '#infra/local/localBus.ts';
import { openStreamPump } from '#infra/local/streamPump.ts';
import type { Deps } from '#lib/deps.ts';

const TICK_MS = 250;
/** In the domain's time: a turned clock makes the schedule due at the next tick. */
const SCHEDULE_MS = 60_000;
const BUDGET_MS = 60_000;

/** What a deployment leaves to the stream and the schedule, in this process. */
export interface Background {
  start(): void;
  run(job: string): Promise<object | undefined>;
  /** What was published, newest last, after everything written so far has gone through the stream. */
  events(): Promise<readonly object[]>;
  /** Does the work with nothing else going on, then begins with a new stream and nothing published. */
  pausing(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

interface Setting {
  readonly deps: () => Deps;
  readonly endpoint: string;
  readonly tableName: string;
  /** Where the place in the stream and what was published are kept. */
  readonly folder: string;
}

/** The background work over a local table. */
export function openBackground({ deps, endpoint, tableName, folder }: Setting): Background {
  const bus = openLocalBus(join(folder, 'events.ndjson'));
  const pump = openStreamPump(endpoint, tableName, join(folder, 'stream-place'), (records) =>
    publishEvents.run(deps(), bus, records),
  );
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<unknown> = Promise.resolve();
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  const sweep = () => {
    const { ports } = deps();
    sweptAtMs = ports.now();
    const endMs = ports.wallNow() + BUDGET_MS;
    return expireInvitations.run(deps(), () => endMs - ports.wallNow());
  };
  const tick = async () => {
    if (Math.abs(deps().ports.now() - sweptAtMs) >= SCHEDULE_MS) await sweep();
    await pump.drain();
  };
  const schedule = () => {
    timer = setTimeout(() => {
      ticking = tick()
        .catch((error) => deps().ports.log({ level: 'error', job: 'background', error: String(error) }))
        .finally(() => timer && schedule());
    }, TICK_MS);
  };
  const halt = async () => {
    clearTimeout(timer);
    timer = undefined;
    await ticking;
  };
  return {
    start: schedule,
    run: async (job) => (job === expireInvitations.name ? sweep() : undefined),
    async events() {
      await pump.drain();
      return bus.published();
    },
    async pausing(work) {
      const isRunning = timer !== undefined;
      await halt();
      await work();
      bus.clear();
      pump.restart();
      if (isRunning) schedule();
    },
    async stop() {
      await halt();
      pump.stop();
    },
  };
}
