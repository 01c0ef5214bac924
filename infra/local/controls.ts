import { hash, timingSafeEqual } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import { apiDocuments } from '#infra/local/apiDocuments.ts';
import { orNearest } from '#infra/local/closest.ts';
import { type EstateControlled, estateControls } from '#infra/local/estateControls.ts';
import { type FreshAccount, howToAskForAccounts, wantedAccounts } from '#infra/local/freshAccounts.ts';
import { OWN_PATH, ownPaths } from '#infra/local/ownPaths.ts';
import { SeedError } from '#infra/local/seed/seedError.ts';
import { reasonOf } from '#infra/local/startError.ts';
import { clockRange, type TurnableClock } from '#infra/local/turnableClock.ts';
import { Refusal } from '#lib/errors.ts';
import type { Ports } from '#lib/ports.ts';

/** What the emulator's own paths act on. */
export interface Controlled {
  /** The clock of the estate in use: a reset has another one. */
  clock(): TurnableClock;
  readonly wallNow: Ports['wallNow'];
  readonly log: Ports['log'];
  /** What has to be shown for any of this, where other machines can reach it. */
  readonly token: string | undefined;
  /** What there is to call, and to do here. */
  index(): object;
  /** Makes the demo estate anew, and the clock right. */
  reset(): Promise<void>;
  /** Registers accounts, each with a key. */
  accounts(wanted: v.InferOutput<typeof wantedAccounts>): Promise<readonly FreshAccount[]>;
  /** The names of the jobs that can be run. */
  readonly jobs: readonly string[];
  /** Runs a job now and answers its summary; undefined for a job there is not. */
  run(job: string): Promise<object | undefined>;
  /** What was published, newest last. */
  events(): Promise<readonly object[]>;
  /** The mails that were sent, newest last; to one address, if it is given. */
  mails(to: string | undefined): Promise<readonly object[]>;
  /** The paths about the estate as a whole. */
  readonly estate: EstateControlled;
}

const jobName = v.object({ job: v.string() });

const turn = v.union([
  v.strictObject({ advanceMs: v.pipe(v.number(), v.safeInteger()) }),
  v.strictObject({ now: v.pipe(v.string(), v.isoTimestamp(), v.check(isOfCalendar)) }),
  v.strictObject({ offsetMs: v.pipe(v.number(), v.safeInteger()) }),
]);

const howToTurn = `Send one of {"advanceMs": n}, {"now": "<ISO time>"} or {"offsetMs": n}, to a time from ${clockRange}.`;

/** `/_emulator/`: the domain's clock, jobs, what was published and mailed, and starting over. None of it exists in a deployment. */
export function controls({
  accounts,
  clock,
  wallNow,
  log,
  reset,
  jobs,
  run,
  events,
  mails,
  estate,
  ...own
}: Controlled): Hono {
  const time = () => ({ now: new Date(clock().now()).toISOString(), offsetMs: clock().offsetMs() });
  const howToRun = `Send ${jobs.map((job) => `{"job": "${job}"}`).join(' or ')}.`;
  const offsetOf = (wanted: v.InferOutput<typeof turn>) => {
    if ('advanceMs' in wanted) return clock().offsetMs() + wanted.advanceMs;
    return 'now' in wanted ? Date.parse(wanted.now) - wallNow() : wanted.offsetMs;
  };
  return new Hono()
    .onError((error, c) => {
      if (error instanceof Refusal)
        return c.json({ error: `Refused: ${error.reason} ${JSON.stringify(error.facts)}.` }, 409);
      if (error instanceof SeedError) return c.json({ error: error.message, faults: error.faults }, 400);
      log({ level: 'error', path: c.req.path, error: String(error) });
      return c.json({ error: `The emulator could not do it: ${reasonOf(error)}.` }, 500);
    })
    .use(own.token === undefined ? localOnly : withToken(own.token))
    .get('/', (c) => c.json(own.index()))
    .get('/clock', (c) => c.json(time()))
    .post('/clock', async (c) => {
      const wanted = v.safeParse(turn, await c.req.json().catch(() => undefined));
      const isTurned = wanted.success && clock().turnTo(offsetOf(wanted.output));
      return isTurned ? c.json(time()) : c.json({ error: howToTurn }, 400);
    })
    .post('/accounts', async (c) => {
      const wanted = v.safeParse(wantedAccounts, await c.req.json().catch(() => undefined));
      return wanted.success ? c.json(await accounts(wanted.output)) : c.json({ error: howToAskForAccounts }, 400);
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
    .route('/', estateControls(estate))
    .route('/', apiDocuments())
    .all('*', (c) => c.json({ error: nothingAt(c.req.method, c.req.path) }, 404));
}

/** That there is nothing there; with the method it is asked by, or the path that was probably meant. */
function nothingAt(method: string, path: string): string {
  const sentence = `The emulator has no ${method} ${path}`;
  const named = ownPaths.filter((own) => OWN_PATH + own.path === path).map((own) => own.method);
  if (named.length > 0) return `${sentence}; ask by ${named.join(' or ')}.`;
  const all = ownPaths.map((own) => OWN_PATH + own.path);
  return orNearest(sentence, path, [...new Set(all)]);
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

const noToken =
  'Other machines can reach this, so send its token: Authorization: Bearer <TRIBUTARY_TOKEN of demo.env>.';

/** Where other machines can ask, whoever asks has to know the token, which no web page does. */
function withToken(token: string): MiddlewareHandler {
  const wanted = hash('sha256', `Bearer ${token}`);
  return async (c, next) => {
    const shown = hash('sha256', c.req.header('authorization') ?? '');
    if (timingSafeEqual(Buffer.from(shown), Buffer.from(wanted))) return next();
    return c.json({ error: noToken }, 401, { 'www-authenticate': 'Bearer' });
  };
}

/** `Date` reads the 31st of February as the third of March. */
function isOfCalendar(time: string): boolean {
  const day = time.slice(0, 'yyyy-mm-dd'.length);
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
