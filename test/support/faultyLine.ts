import { Readable } from 'node:stream';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { CALL_MS, type Deps, openDeps } from '#lib/deps.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { type Estate, masterKey } from '#test/support/estate.ts';

type Answered = Awaited<ReturnType<DynamoDBDocumentClient['config']['requestHandler']['handle']>>;

/** One sending to the table: it arrives, and is answered, when that is asked of it. */
interface Sending {
  readonly arrive: () => Promise<Answered>;
  /** It arrives, and nobody hears the answer. */
  readonly getLost: () => Promise<void>;
  /** Keeps it on its way, until what was held arrives. */
  readonly hold: () => void;
}

/** What becomes of a sending, as its sender sees it. */
export type Fault = (sending: Sending) => Promise<Answered>;

/** What a sending asks of the table. */
export interface Asked {
  readonly isRead: boolean;
  /** Writes the record that a call must not act any more. */
  readonly isRefusal: boolean;
}

/** A process whose line to the table does what a test says. */
export interface Line {
  readonly process: Deps;
  /** What has been sent since the last {@link Line.upset}. */
  readonly sent: Asked[];
  /** From now on the sendings meant have these faults in turn, and then the lasting one, if any. */
  upset(isMeant: (asked: Asked) => boolean, faults: readonly Fault[], lasting?: Fault): void;
  /** All that was held arrives; nobody hears the answers. */
  arrive(): Promise<void>;
}

const passes: Fault = ({ arrive }) => arrive();

/** The table refuses, and has done nothing. */
export const throttled: Fault = async () => refusal(400, 'ThrottlingException');

/** A passing fault leaves open what became of the sending: it may never have arrived, have been done, or arrive later. */
export const faults = {
  'is cut off before it arrives': async () => Promise.reject(reset()),
  'ends in a fault of the table': async () => refusal(500, 'InternalServerError'),
  'is turned away by whatever stands before the table': async () =>
    answer(503, '<html><body>Service Unavailable</body></html>'),
  'arrives, and its answer is lost': async ({ getLost }) => {
    await getLost();
    throw reset();
  },
  'arrives, and its answer is cut': async ({ getLost }) => {
    await getLost();
    return answer(200, '{"Cons');
  },
  'arrives, and is answered with a fault': async ({ getLost }) => {
    await getLost();
    return refusal(500, 'InternalServerError');
  },
  'is given up, and arrives later': async ({ hold }) => {
    hold();
    throw Object.assign(new Error('the request was not answered in time'), { name: 'TimeoutError' });
  },
  'is still in progress, and arrives later': async ({ hold }) => {
    hold();
    return refusal(400, 'TransactionInProgressException');
  },
} as const satisfies Record<string, Fault>;

export const faultCases = Object.entries<Fault>(faults);

/** Those that never let a sending arrive late: all that can befall a read. */
export const noAnswers = faultCases.filter(([label]) => !label.includes('later'));

/**
 * Another process over the table of an estate. Its wall's clock stands still but when the process waits, which takes no time, so that
 * a call's time is up after as many attempts on any machine.
 */
export async function openLine(
  { deps, tableName }: Pick<Estate, 'deps' | 'tableName'>,
  clientOf: (endpoint: string) => DynamoDBDocumentClient = engineClient,
): Promise<Line> {
  const client = clientOf(await testEndpoint());
  // As often as it is set to, without the pauses.
  const strategy = new ConfiguredRetryStrategy(await client.config.maxAttempts(), 0);
  Object.assign(client.config, { retryStrategy: async () => strategy });
  const sent: Asked[] = [];
  const held: (() => Promise<unknown>)[] = [];
  let fault: (asked: Asked) => Fault = () => passes;
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) => {
    const asked = askedBy(request);
    const arrive = () => handle(request, options);
    const getLost = async () => {
      const { body } = (await arrive()).response;
      // Otherwise its connection would stay taken.
      if (body instanceof Readable) await body.toArray();
    };
    sent.push(asked);
    return fault(asked)({ arrive, getLost, hold: () => void held.push(getLost) });
  };
  let wallMs = Date.now();
  const pause = async (upToMs: number) => {
    wallMs += upToMs;
  };
  const ports = { ...deps.ports, wallNow: () => wallMs, pause };
  return {
    process: openDeps({ client, tableName, masterKey, ports, callMs: CALL_MS }),
    sent,
    upset(isMeant, faults, lasting = passes) {
      const left = [...faults];
      sent.length = 0;
      fault = (asked) => (isMeant(asked) ? (left.shift() ?? lasting) : passes);
    },
    async arrive() {
      for (const arrives of held.splice(0)) await arrives();
    },
  };
}

function askedBy({ body, headers }: { body?: unknown; headers: Readonly<Record<string, string>> }): Asked {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
  const isRead = !headers['x-amz-target']?.endsWith('TransactWriteItems');
  return { isRead, isRefusal: text.includes('"attempt":{"N":"-1"}') };
}

function answer(statusCode: number, text: string): Answered {
  return { response: new HttpResponse({ statusCode, body: Readable.from([Buffer.from(text)]) }) };
}

function refusal(statusCode: number, name: string): Answered {
  return answer(statusCode, JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name }));
}

function reset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
