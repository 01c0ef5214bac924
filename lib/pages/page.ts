import { Hono } from 'hono/tiny';
import { valueIn } from '#lib/auth/encoding.ts';
import type { Received } from '#lib/auth/received.ts';
import type { Deps } from '#lib/deps.ts';
import { Refusal } from '#lib/errors.ts';
import { documentHeaders, documentOf, type Shown } from '#lib/pages/document.ts';
import type { Env } from '#lib/pipeline/middleware.ts';
import { callMetrics } from '#lib/ports.ts';
import { metered, unused } from '#lib/table/requests.ts';

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
  /** By when, by the wall's clock, it has to be answered. */
  remainingMs(): number;
  /** What was sent in the query, or in the form of a POST. */
  sent(name: string): string | undefined;
}

type Named = Pick<Page, 'name' | 'product' | 'path'>;

/** A page that shows something to whoever asks for it, and does something for a form alone: links are followed by machines, too. */
export function definePage(
  named: Named,
  show: (visit: Visit) => Promise<Shown>,
  submit: (visit: Visit) => Promise<Shown>,
): Page {
  const app = new Hono<Env>({ getPath: () => named.path }).all(named.path, async (c) => {
    const { deps, received } = c.env;
    const { method } = received;
    const { ports } = deps;
    const startedMs = ports.wallNow();
    const requestId = ports.ids.uuid().toUpperCase();
    const pairs = (method === 'POST' ? received.formPairs : received.queryPairs) ?? [];
    const visit: Visit = {
      deps,
      received,
      requestId,
      remainingMs: () => startedMs + deps.callMs - ports.wallNow(),
      sent: (name) => valueIn(pairs, name),
    };
    const usage = unused();
    let fault: unknown;
    const shown = await metered(usage, () => shownBy(method, visit, { show, submit })).catch((error: unknown) => {
      fault = error;
      return error instanceof Refusal ? busy : broken;
    });
    const isFault = shown.status >= 500;
    ports.log({
      level: isFault ? 'error' : 'info',
      requestId,
      product: named.product,
      action: named.name,
      method,
      status: shown.status,
      ...shown.facts,
      ...usage,
      durationMs: ports.wallNow() - startedMs,
      ...callMetrics(isFault, ports),
      ...(fault instanceof Error && { error: fault.stack, cause: fault.cause }),
    });
    const body = method === 'HEAD' ? '' : documentOf(shown);
    return new Response(body, { status: shown.status, headers: documentHeaders });
  });
  return { ...named, app };
}

type Handlers = Readonly<Record<'show' | 'submit', (visit: Visit) => Promise<Shown>>>;

async function shownBy(method: string, visit: Visit, { show, submit }: Handlers): Promise<Shown> {
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
