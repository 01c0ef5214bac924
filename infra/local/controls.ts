import { Hono, type MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import { apiDocuments } from '#infra/local/apiDocuments.ts';
import { reasonOf } from '#infra/local/startError.ts';
import { clockRange, type TurnableClock } from '#infra/local/turnableClock.ts';
import type { Ports } from '#lib/ports.ts';

/** What the emulator's own paths act on. */
export interface Controlled {
  /** The clock of the estate in use: a reset has another one. */
  clock(): TurnableClock;
  readonly wallNow: Ports['wallNow'];
  readonly log: Ports['log'];
  /** Makes the demo estate anew, and the clock right. */
  reset(): Promise<void>;
  /** The names of the jobs that can be run. */
  readonly jobs: readonly string[];
  /** Runs a job now and answers its summary; undefined for a job there is not. */
  run(job: string): Promise<object | undefined>;
  /** What was published, newest last. */
  events(): Promise<readonly object[]>;
  /** The mails that were sent, newest last; to one address, if it is given. */
  mails(to: string | undefined): Promise<readonly object[]>;
}

const jobName = v.object({ job: v.string() });

const turn = v.union([
  v.strictObject({ advanceMs: v.pipe(v.number(), v.safeInteger()) }),
  v.strictObject({ now: v.pipe(v.string(), v.isoTimestamp(), v.check(isOfCalendar)) }),
  v.strictObject({ offsetMs: v.pipe(v.number(), v.safeInteger()) }),
]);

const howToTurn = `Send one of {"advanceMs": n}, {"now": "<ISO time>"} or {"offsetMs": n}, to a time from ${clockRange}.`;

/** `/_emulator/`: the domain's clock, jobs, what was published and mailed, and starting over. None of it exists in a deployment. */
export function controls({ clock, wallNow, log, reset, jobs, run, events, mails }: Controlled): Hono {
  const time = () => ({ now: new Date(clock().now()).toISOString(), offsetMs: clock().offsetMs() });
  const howToRun = `Send ${jobs.map((job) => `{"job": "${job}"}`).join(' or ')}.`;
  const offsetOf = (wanted: v.InferOutput<typeof turn>) => {
    if ('advanceMs' in wanted) return clock().offsetMs() + wanted.advanceMs;
    return 'now' in wanted ? Date.parse(wanted.now) - wallNow() : wanted.offsetMs;
  };
  return new Hono()
    .onError((error, c) => {
      log({ level: 'error', path: c.req.path, error: String(error) });
      return c.json({ error: `The emulator could not do it: ${reasonOf(error)}.` }, 500);
    })
    .use(localOnly)
    .get('/clock', (c) => c.json(time()))
    .post('/clock', async (c) => {
      const wanted = v.safeParse(turn, await c.req.json().catch(() => undefined));
      const isTurned = wanted.success && clock().turnTo(offsetOf(wanted.output));
      return isTurned ? c.json(time()) : c.json({ error: howToTurn }, 400);
    })
    .post('/run', async (c) => {
      const wanted = v.safeParse(jobName, await c.req.json().catch(() => undefined));
      const summary = wanted.success ? await run(wanted.output.job) : undefined;
      return summary ? c.json(summary) : c.json({ error: howToRun }, 400);
    })
    .get('/events', async (c) => c.json(await events()))
    .get('/mail', async (c) => c.json(await mails(c.req.query('to'))))
    .post('/reset', async (c) => {
      await reset();
      return c.json({ reset: true });
    })
    .route('/', apiDocuments())
    .all('*', (c) => c.json({ error: `The emulator has no ${c.req.method} ${c.req.path}.` }, 404));
}

const localHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const localOrigin = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

const notLocal = 'Only this machine may ask: Host, and Origin if there is one, must be 127.0.0.1, localhost or [::1].';

/**
 * Refuses what a browser sends for a web page of another site: it names that page's origin, or a host name of that site which has been
 * made to resolve to this machine.
 */
const localOnly: MiddlewareHandler = async (c, next) => {
  const { host = '', origin } = c.req.header();
  if (localHost.test(host) && (origin === undefined || localOrigin.test(origin))) return next();
  return c.json({ error: notLocal }, 403);
};

/** `Date` reads the 31st of February as the third of March. */
function isOfCalendar(time: string): boolean {
  const day = time.slice(0, 'yyyy-mm-dd'.length);
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
