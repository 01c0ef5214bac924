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
  readonly hint: ((sentence: string) => void) | undefined;
}

/** What is served of the estate in use. A reset waits for the calls under way, and holds those that come meanwhile. */
export function serve({ current, replace }: Estates, { log, token, hint }: Serving): Served {
  const gate = openGate();
  const own = controls({
    clock: () => current().clock,
    wallNow: systemPorts.wallNow,
    log,
    accounts: (wanted) => gate.pass(() => freshAccounts(current().deps, wanted)),
    reset: () => gate.alone(replace),
    token,
    index: () => index(scheduledJobNames, operations),
    jobs: scheduledJobNames,
    run: (job) => gate.pass(() => current().background.run(job)),
    events: () => gate.pass(() => current().background.events()),
    mails: (to) => gate.pass(() => current().background.mails(to)),
  });
  const tell = once(hint ?? (() => undefined));
  return {
    controls: new Hono({ strict: false }).route(OWN_PATH, own),
    async answer(received) {
      const page = frontPageFor(received);
      if (page !== undefined) return page;
      const answered = await gate.pass(() => answerOf(appAt(received.path), received, current().deps));
      return hinted(answered, received, tell);
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
async function hinted(answered: Response, received: Received, tell: (sentence: string) => void): Promise<Response> {
  const hint = hintFor(received, answered.status);
  if (hint === undefined) return answered;
  tell(hint);
  const headers = { ...Object.fromEntries(answered.headers), [HINT_HEADER]: asHeader(hint) };
  return new Response(await answered.arrayBuffer(), { status: answered.status, headers });
}

function once(tell: (sentence: string) => void): (sentence: string) => void {
  const told = new Set<string>();
  return (sentence) => {
    if (told.has(sentence) || told.size >= MAX_HINTS) return;
    told.add(sentence);
    tell(sentence);
  };
}
