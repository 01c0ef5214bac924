import { Hono } from 'hono';
import { scheduledJobNames } from '#infra/local/background.ts';
import { controls } from '#infra/local/controls.ts';
import type { Estates } from '#infra/local/estates.ts';
import { freshAccounts } from '#infra/local/freshAccounts.ts';
import { frontPageFor } from '#infra/local/frontPage.ts';
import { openGate } from '#infra/local/gate.ts';
import { asHeader, HINT_HEADER, openHints } from '#infra/local/hints.ts';
import { index, OWN_PATH, ownPaths } from '#infra/local/ownPaths.ts';
import type { Served } from '#infra/local/server.ts';
import { operations, pages, app as rpc } from '#infra/operations.ts';
import type { Received } from '#lib/auth/received.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';
import { healthPath } from '#lib/pipeline/health.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { type Ports, systemPorts } from '#lib/ports.ts';

/** How many hints are remembered, so that each is told once. */
const MAX_HINTS = 500;

const otherPaths = [healthPath, ...pages.map(({ path }) => path), ...ownPaths.map(({ path }) => OWN_PATH + path)];
const { hintFor } = openHints(operations, otherPaths);

/** Whom things are told, and what has to be shown for the emulator's own paths. */
interface Serving {
  readonly log: Ports['log'];
  readonly token: string | undefined;
  /** Called when there is another estate. */
  readonly tell: () => Promise<void>;
  readonly hint: ((sentence: string) => void) | undefined;
}

/**
 * What is served of the estate in use. What it does with the estate as a whole waits for the calls under way, and holds those that come
 * meanwhile.
 */
export function serve(estates: Estates, { log, token, tell, hint }: Serving): Served {
  const { current, load, replace, restore, snapshot, snapshots, written } = estates;
  const gate = openGate();
  const own = controls({
    clock: () => current().clock,
    wallNow: systemPorts.wallNow,
    log,
    accounts: (wanted) => gate.pass(() => freshAccounts(current().deps, wanted)),
    reset: () => gate.alone(() => replace().then(tell)),
    token,
    index: () => index(scheduledJobNames, operations),
    jobs: scheduledJobNames,
    run: (job) => gate.pass(() => current().background.run(job)),
    events: () => gate.pass(() => current().background.events()),
    mails: (to) => gate.pass(() => current().background.mails(to)),
    estate: {
      snapshots,
      snapshot: (name) => gate.alone(() => snapshot(name)),
      restore: (name) => gate.alone(() => restore(name)),
      written: () => gate.pass(written),
      load: (seed) => gate.alone(() => load(seed)),
    },
  });
  const tellOnce = once(hint ?? (() => undefined));
  return {
    controls: new Hono({ strict: false }).route(OWN_PATH, own),
    async answer(received) {
      const page = frontPageFor(received);
      if (page !== undefined) return page;
      const answered = await gate.pass(() => answerOf(appAt(received.path), received, current().deps));
      return hinted(answered, received, tellOnce);
    },
    deliveries: {
      delivered: (received) => current().deps.deliveries?.delivered(received),
      lost: (received) => current().deps.deliveries?.lost(received),
    },
  };
}

/** As in a deployment: a page has a path of its own, and the door has every other. */
function appAt(path: string) {
  return pages.find((page) => page.path === path)?.app ?? rpc;
}

/** The answer, with a hint in a header of its own if there is one. */
function hinted(answered: Rendered, received: Received, tell: (sentence: string) => void): Rendered {
  const hint = hintFor(received, answered.status);
  if (hint === undefined) return answered;
  tell(hint);
  return { ...answered, headers: { ...answered.headers, [HINT_HEADER]: asHeader(hint) } };
}

function once(tell: (sentence: string) => void): (sentence: string) => void {
  const told = new Set<string>();
  return (sentence) => {
    if (told.has(sentence) || told.size >= MAX_HINTS) return;
    told.add(sentence);
    tell(sentence);
  };
}
