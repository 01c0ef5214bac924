import { join } from 'node:path';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { localStreams } from '#infra/local/database.ts';
import { openLocalBus } from '#infra/local/localBus.ts';
import { openStreamPump } from '#infra/local/streamPump.ts';
import type { TurnableClock } from '#infra/local/turnableClock.ts';
import type { Deps } from '#lib/deps.ts';
import type { Ports } from '#lib/ports.ts';

const TICK_MS = 250;
/** By the wall's time; a turned clock makes the schedule due as well. */
const SCHEDULE_MS = 60_000;
const BUDGET_MS = 60_000;
/** So long the schedule leaves what is due to a script that turns the clock and then runs the job itself. */
const COURTESY_MS = 1000;

/** What a deployment leaves to the stream and the schedule, in this process. */
export interface Background {
  /** Follows the stream from where it was left; from now on, where that is not known, as over a server that others have used. */
  start(): Promise<void>;
  run(job: string): Promise<object | undefined>;
  /** What was published, newest last, after everything written so far has gone through the stream. */
  events(): Promise<readonly object[]>;
  /** Does the work with nothing else going on, then begins anew: with nothing published, and nothing left to publish. */
  pausing(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

interface Setting {
  readonly clock: TurnableClock;
  readonly deps: () => Deps;
  readonly endpoint: string;
  readonly tableName: string;
  /** Where the places in the stream and what was published are kept. */
  readonly folder: string;
}

/** The background work over a local table. */
export function openBackground({ clock, deps, endpoint, tableName, folder }: Setting): Background {
  const bus = openLocalBus(join(folder, 'events.ndjson'));
  const pump = openStreamPump(localStreams(endpoint), tableName, join(folder, 'stream-places'), async (records) => {
    const { again } = await publishEvents.run({ deps: deps(), bus }, records);
    return again;
  });
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<unknown> = Promise.resolve();
  let swept = { atMs: Number.NEGATIVE_INFINITY, turns: 0 };
  let dueSinceMs: number | undefined;

  const sweep = () => {
    const { ports } = deps();
    swept = { atMs: ports.wallNow(), turns: clock.turns() };
    dueSinceMs = undefined;
    const endMs = ports.wallNow() + BUDGET_MS;
    return expireInvitations.run({ deps: deps() }, () => endMs - ports.wallNow());
  };
  const isDue = ({ wallNow }: Ports) => {
    if (wallNow() - swept.atMs < SCHEDULE_MS && clock.turns() === swept.turns) return false;
    dueSinceMs ??= wallNow();
    return wallNow() - dueSinceMs >= COURTESY_MS;
  };
  const tick = async () => {
    if (isDue(deps().ports)) await sweep();
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
    async start() {
      if (!pump.hasPlace()) await pump.pausing(async () => undefined);
      schedule();
    },
    run: async (job) => (job === expireInvitations.name ? sweep() : undefined),
    async events() {
      await pump.drain();
      return bus.published();
    },
    async pausing(work) {
      const isRunning = timer !== undefined;
      await halt();
      try {
        await pump.pausing(async () => {
          await work();
          bus.clear();
        });
      } finally {
        if (isRunning) schedule();
      }
    },
    async stop() {
      await halt();
      pump.stop();
    },
  };
}
