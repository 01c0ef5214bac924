import { randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import { ID_EPOCH_MS, ID_STEPS_PER_MS, LONGEST_BURST_MS } from '#lib/domain/relation/relation.ts';

/** Clock, ids, logs and metrics. Tests and the emulator replace single ports. */
export interface Ports {
  /** The domain's time, epoch ms, for deadlines and records. The emulator can turn it. */
  readonly now: () => number;
  /** The wall's time, epoch ms, for signatures, nonces and caches. A turned clock does not move it. */
  readonly wallNow: () => number;
  /** Waits a random time of at most `upToMs`. */
  readonly pause: (upToMs: number) => Promise<void>;
  readonly ids: Ids;
  /** A random number from 0 to below 1. */
  readonly random: () => number;
  /** Logs one structured record per call or fault. */
  readonly log: (record: LogRecord) => void;
  /** The CloudWatch namespace of metrics. Each stage has its own, so that a healthy stage cannot hide a broken one. */
  readonly metricNamespace: string;
}

export interface Ids {
  /** A 53-bit integer that grows with time, also within one millisecond. */
  readonly next: (nowMs: number) => number;
  /** A ULID that grows with time, also within one millisecond. */
  readonly eventId: (nowMs: number) => string;
  /** A 16-digit account uid. */
  readonly uid: () => number;
  /** A random UUID, lower case. */
  readonly uuid: () => string;
  /** `length` random letters and digits. */
  readonly alphanumeric: (length: number) => string;
  /** A random access key id. */
  readonly accessKeyId: () => string;
}

export type LogRecord = { readonly level: 'info' | 'error'; readonly [field: string]: unknown };

/** Randomness is drawn for so many digits at once: the call for it takes longer than all else that makes a ULID. */
const DRAWN_AT_ONCE = 4096;

/** The production ports: the system's clock, cryptographic randomness, and a line of JSON per record on stdout. */
export const systemPorts: Ports = {
  now: () => Date.now(),
  wallNow: () => Date.now(),
  pause: (upToMs) => setTimeout(randomInt(upToMs)),
  ids: randomIds(),
  random: () => randomInt(2 ** 32) / 2 ** 32,
  log: (record) => process.stdout.write(`${JSON.stringify(record)}\n`),
  metricNamespace: 'Tributary',
};

const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The range of times that ids can be made for, epoch ms; `endMs`, where 53 bits are used up, is excluded. */
export const idTimes = { firstMs: ID_EPOCH_MS, endMs: ID_EPOCH_MS + 2 ** 53 / ID_STEPS_PER_MS } as const;

/**
 * Random ids that grow with time. If the clock goes back a little, they still grow; if it is turned back far, they follow
 * it. Two processes may make the same id in the same millisecond, so rows are only created where none exists.
 */
export function randomIds(): Ids {
  let last = 0;
  return {
    next(nowMs) {
      const drawn = (nowMs - ID_EPOCH_MS) * ID_STEPS_PER_MS + randomInt(1, ID_STEPS_PER_MS / 2);
      const isBurst = drawn <= last && last - drawn < LONGEST_BURST_MS * ID_STEPS_PER_MS;
      last = isBurst ? last + 1 : drawn;
      return last;
    },
    eventId: eventIds(),
    uid: () => randomInt(1_000_000_000_000_000, 1_200_000_000_000_000),
    uuid: () => randomUUID(),
    alphanumeric: (length) => Array.from({ length }, () => alphanumerics[randomInt(alphanumerics.length)]).join(''),
    accessKeyId: () => `TRIB${randomBytes(10).toString('hex').toUpperCase()}`,
  };
}

/** Numbers from 0 to below 1 that are as random as a digit of a ULID has to be. */
function randomDigits(): () => number {
  const pool = new Uint8Array(DRAWN_AT_ONCE);
  let used = DRAWN_AT_ONCE;
  return () => {
    if (used === DRAWN_AT_ONCE) {
      randomFillSync(pool);
      used = 0;
    }
    return (pool[used++] ?? 0) / 256;
  };
}

/** ULIDs that grow with time. They never go back, so they are begun anew when the clock is turned back far. */
function eventIds(): Ids['eventId'] {
  const random = randomDigits();
  let draw = monotonicFactory(random);
  let lastMs = 0;
  return (nowMs) => {
    if (lastMs - nowMs >= LONGEST_BURST_MS) {
      draw = monotonicFactory(random);
      lastMs = 0;
    }
    lastMs = Math.max(lastMs, nowMs);
    return draw(nowMs);
  };
}

/** A summary's numbers as CloudWatch embedded metrics, by job, to be spread into a log record. */
export function metrics(
  job: string,
  summary: Readonly<Record<string, number | boolean>>,
  ports: Ports,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(summary).filter((name) => typeof summary[name] === 'number');
  return { ...embedded(['job'], names, ports), job, ...summary };
}

/**
 * A call's metrics by product and action, to be spread into its log record: the call, whether it was a fault, and its
 * `durationMs`.
 */
export function callMetrics(isFault: boolean, ports: Ports): Readonly<Record<string, unknown>> {
  const names = ['calls', 'faults', 'durationMs'];
  return { calls: 1, faults: isFault ? 1 : 0, ...embedded(['product', 'action'], names, ports) };
}

function embedded(dimensions: readonly string[], names: readonly string[], { metricNamespace, wallNow }: Ports) {
  const Metrics = names.map((Name) => ({ Name, Unit: unitOf(Name) }));
  const CloudWatchMetrics = [{ Namespace: metricNamespace, Dimensions: [dimensions], Metrics }];
  return { _aws: { Timestamp: wallNow(), CloudWatchMetrics } };
}

function unitOf(name: string): 'Milliseconds' | 'Count' {
  return name.endsWith('Ms') ? 'Milliseconds' : 'Count';
}
