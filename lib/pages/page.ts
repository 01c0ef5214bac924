import { Hono } from 'hono/tiny';
import { valueIn } from '#lib/auth/encoding.ts';
import type { Received } from '#lib/auth/received.ts';
import type { Deps } from '#lib/deps.ts';
import { Refusal } from '#lib/errors.ts';
import { documentHeaders, documentOf, type Shown } from '#lib/pages/document.ts';
import { asResponse, type Env } from '#lib/pipeline/middleware.ts';
import { callMetrics } from '#lib/ports.ts';
import { metered, type Usage, unused } from '#lib/table/requests.ts';

/** A page for people: a function of its own at one path, which no signature is asked for. It belongs to a product, with which it is deployed. */
export interface Page {
  readonly name: string;
  readonly product: string;
  readonly path: string;
  readonly app: Hono<Env>;
}

/** What a page does with a request. */
export interface Visit {
  readonly deps: Deps;
  readonly received: Received;
  readonly requestId: string;
  /** When it began, by the wall's clock, epoch ms; and how long it may still take. */
  readonly startedMs: number;
  remainingMs(): number;
  /** What was sent in the query, or in the form of a POST. */
  sent(name: string): string | undefined;
}

type Named = Pick<Page, 'name' | 'product' | 'path'>;

/** A page that shows something on GET, and acts only on the POST of its form: machines follow links, too. */
export function definePage(
  named: Named,
  show: (visit: Visit) => Promise<Shown>,
  submit: (visit: Visit) => Promise<Shown>,
): Page {
  const app = new Hono<Env>({ getPath: () => named.path }).all(named.path, async ({ env: { deps, received } }) => {
    const visit = visitOf(received, deps);
    const usage = unused();
    const { fault, shown } = await metered(usage, () => shownBy(visit, { show, submit })).then(
      (made) => ({ shown: made, fault: undefined }),
      (error: unknown) => ({ shown: error instanceof Refusal ? busy : broken, fault: error }),
    );
    recordVisit(named, visit, shown, usage, fault);
    const body = received.method === 'HEAD' ? '' : documentOf(shown);
    return asResponse({ status: shown.status, headers: documentHeaders, body });
  });
  return { ...named, app };
}

function visitOf(received: Received, deps: Deps): Visit {
  const { callMs, ports } = deps;
  const startedMs = ports.wallNow();
  const pairs = (received.method === 'POST' ? received.formPairs : received.queryPairs) ?? [];
  return {
    deps,
    received,
    requestId: ports.ids.uuid().toUpperCase(),
    startedMs,
    remainingMs: () => startedMs + callMs - ports.wallNow(),
    sent: (name) => valueIn(pairs, name),
  };
}

/** One structured record of the visit, which is counted as metrics like a call of an operation. What was sent is not in it. */
function recordVisit(
  { name, path, product }: Named,
  { deps: { ports }, received: { method }, requestId, startedMs }: Visit,
  { facts, status }: Shown,
  usage: Usage,
  fault: unknown,
): void {
  const isFault = status >= 500;
  ports.log({
    level: isFault ? 'error' : 'info',
    requestId,
    product,
    action: name,
    method,
    path,
    status,
    ...facts,
    ...usage,
    durationMs: ports.wallNow() - startedMs,
    ...callMetrics(isFault, ports),
    ...(fault instanceof Error && { error: fault.stack, cause: fault.cause }),
  });
}

type Handlers = Readonly<Record<'show' | 'submit', (visit: Visit) => Promise<Shown>>>;

async function shownBy(visit: Visit, { show, submit }: Handlers): Promise<Shown> {
  const { method } = visit.received;
  if (method === 'GET' || method === 'HEAD') return show(visit);
  return method === 'POST' ? submit(visit) : wrongMethod;
}

const wrongMethod: Shown = {
  status: 405,
  english: { title: 'This page cannot do that', lines: ['Open the link from the mail once more.'] },
  chinese: { title: '无法执行此操作', lines: ['请重新打开邮件中的链接。'] },
};

const busy: Shown = {
  status: 503,
  english: {
    title: 'One moment, please',
    lines: ['This takes longer than it should. Open the link from the mail again.'],
  },
  chinese: { title: '请稍候', lines: ['处理时间过长，请重新打开邮件中的链接。'] },
};

const broken: Shown = {
  status: 500,
  english: {
    title: 'Something went wrong',
    lines: ['It is not your fault. Open the link from the mail again in a while.'],
  },
  chinese: { title: '发生错误', lines: ['这不是您的问题，请稍后重新打开邮件中的链接。'] },
};
