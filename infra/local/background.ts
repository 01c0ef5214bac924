import { join } from 'node:path';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { deployedFunctions } from '#infra/deployed.ts';
import { openLocalBus } from '#infra/local/localBus.ts';
import { type CapturedMail, type Mailing, openLocalMailer } from '#infra/local/localMailer.ts';
import { openStreamPump } from '#infra/local/streamPump.ts';
import type { TurnableClock } from '#infra/local/turnableClock.ts';
import type { Deps } from '#lib/deps.ts';
import type { Need, ScheduledJob, StreamRecord } from '#lib/jobs/job.ts';
import type { Provider } from '#lib/jobs/provider.ts';
import { shared } from '#lib/jobs/shared.ts';
import type { Ports } from '#lib/ports.ts';

const TICK_MS = 250;
/** How soon what was written is followed. What is written meanwhile is followed with it. */
const SOON_MS = 20;
const MINUTE_MS = 60_000;
const BUDGET_MS = 60_000;
/** How long the schedule waits with a job that is due: a script that has turned the clock may run the job itself. */
const COURTESY_MS = 1000;

const triggers = (await deployedFunctions()).map(({ trigger }) => trigger);
const streamJobs = triggers.flatMap((trigger) => (trigger.kind === 'stream' ? [trigger.job] : []));
const scheduledJobs = triggers.flatMap((trigger) => (trigger.kind === 'schedule' ? [trigger.job] : []));

/** The names of the jobs that run on a schedule, which can also be run by themselves. */
export const scheduledJobNames = scheduledJobs.map(({ name }) => name);

/** The work that a deployment has functions do on the stream and on a schedule, done in this process. */
export interface Background {
  /** Follows the stream from where it was left; from now on, where that is not known. After a stop it goes on. */
  start(): Promise<void>;
  /** Has what was just written followed in a moment, and not only when the stream is next looked at. */
  soon(): void;
  /** Has nothing published of what has been written so far. */
  passOver(): Promise<void>;
  /** Runs a scheduled job now and answers its summary; undefined for a job there is not. */
  run(job: string): Promise<object | undefined>;
  /** What was published, newest last. Everything written so far has been followed by then. */
  events(): Promise<readonly object[]>;
  /** The mails that were sent, newest last; to one address, if it is given. Everything written so far has been followed by then. */
  mails(to?: string): Promise<readonly CapturedMail[]>;
  /** Ends the work on the stream and on the schedule, once what it is at is done. */
  stop(): Promise<void>;
}

interface Setting {
  readonly clock: TurnableClock;
  readonly deps: Deps;
  readonly streams: DynamoDBStreamsClient;
  readonly tableName: string;
  /** Where the places in the stream and what was published are kept. */
  readonly folder: string;
  readonly mailing: Mailing;
  readonly provider: Provider;
  /** Is shown every record of the stream, published or passed over. */
  readonly see: (records: readonly StreamRecord[]) => void;
}

/** The background work over a local table. */
export function openBackground({
  clock,
  deps,
  streams,
  tableName,
  folder,
  mailing,
  provider,
  see,
}: Setting): Background {
  const bus = openLocalBus(join(folder, 'events.ndjson'));
  const mail = openLocalMailer(join(folder, 'mails.ndjson'), mailing, deps.ports);
  const linkTokens = { tokenOf: async (recordId: string) => deps.keyring.linkToken(recordId) };
  const context = { deps, bus, mail, linkTokens, provider };
  const follower = shared('background', streamJobs);
  const publish = async (records: readonly StreamRecord[]) => (await follower.run(context, records)).again;
  const pump = openStreamPump(streams, tableName, join(folder, 'stream-places'), publish, see);
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<unknown> = Promise.resolve();
  let isTicking = false;
  let isSoon = false;
  /** What the last tick failed of: what goes on, such as a full disk, is told once. */
  let fault: string | undefined;
  const schedules = scheduledJobs.map((job) => openSchedule(job, clock, deps.ports));

  const runNow = ({ began, job }: Schedule) => {
    const { wallNow } = deps.ports;
    began();
    const endMs = wallNow() + BUDGET_MS;
    return job.run(context, () => endMs - wallNow());
  };
  const tick = async () => {
    for (const one of schedules) if (one.isDue()) await runNow(one);
    await pump.drain();
  };
  const schedule = () => {
    timer = setTimeout(
      () => {
        isTicking = true;
        isSoon = false;
        ticking = tick()
          .then(() => {
            fault = undefined;
          })
          .catch((error) => {
            if (fault !== String(error)) deps.ports.log({ level: 'error', job: 'background', error: String(error) });
            fault = String(error);
          })
          .finally(() => {
            isTicking = false;
            if (timer) schedule();
          });
      },
      isSoon ? SOON_MS : TICK_MS,
    );
  };
  return {
    async start() {
      if (!pump.hasPlace()) await pump.passOver();
      schedule();
    },
    soon() {
      if (isSoon) return;
      isSoon = true;
      if (timer === undefined || isTicking) return;
      clearTimeout(timer);
      schedule();
    },
    passOver: pump.passOver,
    async run(name) {
      const found = schedules.find(({ job }) => job.name === name);
      return found && runNow(found);
    },
    async events() {
      await pump.drain();
      return bus.published();
    },
    async mails(to) {
      await pump.drain();
      return mail.sent(to);
    },
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      await ticking;
    },
  };
}

/** When a scheduled job runs. */
interface Schedule {
  readonly job: ScheduledJob<Need>;
  isDue(): boolean;
  /** Notes that the job runs now. */
  began(): void;
}

/** As often as the job declares, by the wall's time; a turned clock makes it due as well. */
function openSchedule(job: ScheduledJob<Need>, clock: TurnableClock, { wallNow }: Ports): Schedule {
  const everyMs = job.of.everyMinutes * MINUTE_MS;
  let last = { atMs: Number.NEGATIVE_INFINITY, turns: 0 };
  let dueSinceMs: number | undefined;
  return {
    job,
    isDue() {
      const nowMs = wallNow();
      if (nowMs - last.atMs < everyMs && clock.turns() === last.turns) return false;
      dueSinceMs ??= nowMs;
      return nowMs - dueSinceMs >= COURTESY_MS;
    },
    began() {
      last = { atMs: wallNow(), turns: clock.turns() };
      dueSinceMs = undefined;
    },
  };
}
