import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundling } from '#infra/bundle.ts';
import { standIns } from '#infra/standIns.ts';
import type { eventBridgeBus } from '#lib/adapters/eventBridge.ts';
import type { sesMailer } from '#lib/adapters/ses.ts';
import { relationKey } from '#lib/store/keys.ts';
import type { openTable } from '#lib/table/openTable.ts';
import { unneeded } from '#lib/table/protocol.ts';
import type { productionClient, sentOnce } from '#lib/table/requests.ts';
import type { Table } from '#lib/table/table.ts';
import { ANSWER_MS, type clientTimeouts } from '#lib/timeouts.ts';

const root = join(import.meta.dirname, '../..');
const namespace = 'com.amazonaws.dynamodb.v20120810#';

/** Answers a request for a table in one way. */
type Answer = (response: ServerResponse) => void;

const refused =
  (status: number, name: string, more = {}): Answer =>
  (response) =>
    void response.writeHead(status).end(JSON.stringify({ __type: `${namespace}${name}`, Message: 'no', ...more }));

const reasons = [
  { Code: 'ConditionalCheckFailed', Message: 'no', Item: { pk: { S: 'a' }, sk: { S: 'b' }, n: { N: '1' } } },
];

/** What DynamoDB and the network do to requests, by the name of the table that is asked for. */
const answers: Readonly<Record<string, Answer>> = {
  found: (response) =>
    void response.end('{"Item":{"pk":{"S":"a"},"sk":{"S":"b"},"n":{"N":"12.5"},"l":{"L":[{"NULL":true}]}}}'),
  nothing: (response) => void response.end('{}'),
  throttled: refused(400, 'ProvisionedThroughputExceededException'),
  limited: refused(400, 'RequestLimitExceeded'),
  throttling: refused(400, 'ThrottlingException'),
  cancelled: refused(400, 'TransactionCanceledException', { CancellationReasons: reasons }),
  inProgress: refused(400, 'TransactionInProgressException'),
  conflict: refused(400, 'TransactionConflictException'),
  conditional: refused(400, 'ConditionalCheckFailedException', { Item: reasons[0]?.Item }),
  missing: refused(400, 'ResourceNotFoundException'),
  invalid: refused(400, 'ValidationException'),
  unknownKey: refused(400, 'UnrecognizedClientException'),
  skewed: refused(400, 'InvalidSignatureException'),
  unheardOf: refused(400, 'SomethingNew'),
  fault: refused(500, 'InternalServerError'),
  later: (response) => void response.writeHead(503, { 'retry-after': '0' }).end(),
  down: (response) => void response.writeHead(503).end('<html>down</html>'),
  unreadable: (response) => void response.end('{"Item":'),
  badMail: refused(400, 'MessageRejected'),
  badRequest: refused(400, 'BadRequestException'),
  cut: (response) => void response.destroy(),
  halting: (response) => void response.writeHead(200).write('{"Item'),
  silent: () => undefined,
};

interface Sent {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether its signature is that of what arrived, as AWS would reckon it. */
  readonly isSigned: boolean;
}

/** What was sent, by table. */
const sent: Record<string, Sent[]> = {};
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const name = /"(\w+-\w+-(?:whole|lean))\b/.exec(text)?.[1] ?? '';
    sent[name] = [
      ...(sent[name] ?? []),
      { headers: request.headers, body: JSON.parse(text), isSigned: isSigned(request, text) },
    ];
    answers[name.replace(/-.*/, '')]?.(response);
  });
});

function isSigned({ headers, method, url }: IncomingMessage, text: string): boolean {
  const [, date, scope = '', names = '', signature] =
    /Credential=none\/(\d+)\/(.*?), SignedHeaders=(.*?), Signature=(\w+)$/.exec(headers.authorization ?? '') ?? [];
  const keyed = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const hashed = (data: string) => createHash('sha256').update(data).digest('hex');
  const lines = names.split(';').map((name) => `${name}:${headers[name]}`);
  const canonical = [method, url, '', ...lines, '', names, hashed(text)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], `${date}/${scope}`, hashed(canonical)].join('\n');
  const key = [date ?? '', ...scope.split('/')].reduce<string | Buffer>(keyed, 'AWS4none');
  return keyed(key, toSign).toString('hex') === signature;
}

/** The code that sends requests, bundled with the whole SDK and its own protocol, and as bundles have it. */
interface Code {
  openTable: typeof openTable;
  sentOnce: typeof sentOnce;
  productionClient: typeof productionClient;
  eventBridgeBus: typeof eventBridgeBus;
  sesMailer: typeof sesMailer;
  clientTimeouts: typeof clientTimeouts;
}
let whole: Code;
let lean: Code;
/** What comes of calls that are not answered: begun before all tests, because each waits until its time is up. */
const unanswered: Record<string, ReturnType<typeof outcomesOf>> = {};
const folder = mkdtempSync(join(tmpdir(), 'test-stand-ins-'));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  vi.stubEnv('AWS_SESSION_TOKEN', 'a token/+==');
  [whole, lean] = await Promise.all([codeOf('whole', [ownProtocol]), codeOf('lean', bundling.plugins)]);
  // Clients wait as long as is set when they are made. What is answered is waited for on any machine; what is not, as long as always.
  setPatience(PATIENCE_MS);
  // What is called for the first time takes longer.
  for (const [code, by] of [
    [whole, 'whole'],
    [lean, 'lean'],
  ] as const)
    await outcomeOf(code, 'found', 'read', by);
  for (const name of Object.keys(sent)) delete sent[name];
  setPatience(ANSWER_MS);
  for (const call of unansweredCalls) unanswered[call] = outcomesOf(call, silences);
  setPatience(PATIENCE_MS);
});

/** How long what is answered may take. */
const PATIENCE_MS = 60_000;

/** Sets how long the clients that are made from now on wait for an answer. */
function setPatience(answerMs: number): void {
  for (const { clientTimeouts } of [whole, lean]) {
    Object.assign(clientTimeouts.requestHandler, { requestTimeout: answerMs, socketTimeout: answerMs });
  }
}

/** Gives the client of DynamoDB back the protocol, the middleware and the signer that the SDK has for it. */
const ownProtocol: Plugin = {
  name: 'ownProtocol',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]lib[/\\]table[/\\]protocol\.ts$/ }, () => ({
      contents: `
        import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
        export const itemProtocol = () => AwsJson1_0Protocol;
        export const noLog = {};
        export const unneeded = [];`,
      resolveDir: join(root, 'node_modules/@aws-sdk/client-dynamodb'),
    }));
    onLoad({ filter: /[/\\]lib[/\\]table[/\\]signer\.ts$/ }, () => ({
      contents: 'export const itemSigner = () => undefined;',
    }));
  },
};

async function codeOf(name: string, plugins: Plugin[]): Promise<Code> {
  const contents = `
    export { eventBridgeBus } from '#lib/adapters/eventBridge.ts';
    export { sesMailer } from '#lib/adapters/ses.ts';
    export { openTable } from '#lib/table/openTable.ts';
    export { productionClient, sentOnce } from '#lib/table/requests.ts';
    export { clientTimeouts } from '#lib/timeouts.ts';`;
  const place = { outdir: folder, entryNames: name, write: true, stdin: { contents, resolveDir: root } };
  const alias = name === 'whole' ? {} : bundling.alias;
  await build({ ...bundling, ...place, alias, plugins });
  return import(pathToFileURL(join(folder, `${name}.mjs`)).href);
}

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const calls: Readonly<Record<string, (code: Code, name: string) => Promise<unknown>>> = {
  read: (code, name) => tableOf(code, name).get(relationKey(5)),
  batch: (code, name) => tableOf(code, name).getMany([relationKey(5)]),
  snapshot: (code, name) => tableOf(code, name).getTogether([relationKey(5)]),
  async write(code, name) {
    const doubt = { isUnsure: false };
    const put = { Put: { Item: { ...relationKey(5), n: 1, l: [null, 'a'] } } };
    const outcome = await code
      .sentOnce(doubt, () => tableOf(code, name).transact([put]))
      .catch((error: Error) => ({ error }));
    if ('error' in outcome && !doubt.isUnsure) throw outcome.error;
    return {
      doubt,
      ...('answer' in outcome ? outcome : { unanswered: String(outcome.error).replace(/\d+ ms/g, 'n ms') }),
    };
  },
  event: (code, name) => code.eventBridgeBus(name).publish([{ detailType: 'Relation invite', detail }]),
  mail: (code, name) => code.sesMailer(`${name}@example.com`).send(mail),
};

/** Answers that do not come, or not whole. */
const silences = ['silent', 'halting'];
const told = Object.keys(answers).filter((answer) => !silences.includes(answer));
/** A mail is given longer than a test should take. */
const unansweredCalls = Object.keys(calls).filter((call) => call !== 'mail');

const event = { id: 'e', type: 'invite', time: '2025-03-02T15:12:34.567Z', actor: 1, action: 'A', requestId: 'r' };
const detail = { ...event, relationId: 5, parentUid: 1, childUid: 2, from: 'nothing', to: 'inviting' };
const mail = { id: 'm', to: 'a@example.com', subject: 's', text: 't', html: '<p>t</p>' };

function tableOf(code: Code, name: string): Table {
  return code.openTable(code.productionClient(), name, async () => undefined);
}

/** Headers that the client of DynamoDB has of the SDK, and those that its signatures cover then: the table sends and covers fewer. */
const dispensable = new Set(['x-amz-user-agent', 'x-amz-content-sha256']);
const unsigned = new Set([...dispensable, 'amz-sdk-invocation-id', 'amz-sdk-request', 'content-length']);

/** What came of a call. */
async function outcomeOf(code: Code, answer: string, call: string, by: string) {
  return calls[call]?.(code, nameOf(answer, call, by)).then(
    (value) => ({ value }),
    (error: Error & { $fault?: string; $metadata?: { attempts?: number; httpStatusCode?: number } }) => ({
      error: error.name,
      message: error.message.replace(/\d+ ms/g, 'n ms'),
      fault: error.$fault,
      status: error.$metadata?.httpStatusCode,
      attempts: error.$metadata?.attempts,
    }),
  );
}

function nameOf(answer: string, call: string, by: string): string {
  return `${answer}-${call}-${by}`;
}

/** What has been sent for a call by now. */
function requestsOf(name: string) {
  return (sent[name] ?? []).map(({ headers, body: { ClientRequestToken: token, ...body }, isSigned }) => {
    const signed = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '')?.[1]?.split(';');
    const isOfTable = headers['x-amz-target']?.includes('DynamoDB');
    return {
      body: JSON.parse(JSON.stringify(body).replaceAll(name, 'table')),
      hasToken: token !== undefined,
      headers: Object.keys(headers)
        .filter((header) => !isOfTable || !dispensable.has(header))
        .sort(),
      agent: isOfTable ? undefined : headers['user-agent'],
      target: headers['x-amz-target'],
      isSigned,
      scope: /Credential=none\/\d+\/([^,]*)/.exec(headers.authorization ?? '')?.[1],
      signed: signed?.filter((header) => !isOfTable || !unsigned.has(header)),
      attempt: headers['amz-sdk-request'],
    };
  });
}

/** What comes of a call by either code, by the answers it is met with. */
async function outcomesOf(call: string, met: readonly string[]) {
  const by = async (code: Code, name: string) =>
    Promise.all(met.map(async (answer) => [answer, await outcomeOf(code, answer, call, name)] as const));
  const [ofWhole, ofLean] = await Promise.all([by(whole, 'whole'), by(lean, 'lean')]);
  return { ofWhole, ofLean };
}

async function expectSame(call: string, { ofLean, ofWhole }: Awaited<ReturnType<typeof outcomesOf>>): Promise<void> {
  expect(Object.fromEntries(ofLean)).toEqual(Object.fromEntries(ofWhole));
  for (const [answer] of ofWhole) {
    const sentBy = (by: string) => requestsOf(nameOf(answer, call, by));
    // A call may be given up before the server gets to hear it.
    await expect.poll(() => sentBy('whole').length, { message: answer }).toBeGreaterThan(0);
    await expect.poll(() => sentBy('lean'), { message: answer }).toEqual(sentBy('whole'));
    expect(sentBy('lean').every(({ isSigned, scope }) => isSigned && scope?.startsWith('us-east-1/'))).toBe(true);
  }
}

test.each(Object.keys(calls))(
  'the SDK carries a %s in the same way without what is left out, whatever answer it gets',
  async (call) => expectSame(call, await outcomesOf(call, told)),
);

test.each(unansweredCalls)(
  'the SDK carries a %s in the same way without what is left out, though it gets no answer',
  async (call) => expectSame(call, (await unanswered[call]) ?? expect.fail('it was begun')),
);

test.each([
  'us-east-1',
  'eu-central-1',
  'ap-southeast-1',
  'me-central-1',
  'us-gov-west-1',
  'cn-north-1',
  'cn-northwest-1',
])('DynamoDB has its address in %s', (Region) => {
  const urlOf = (code: Code) => code.productionClient().config.endpointProvider({ Region }).url.href;
  expect(urlOf(lean)).toBe(urlOf(whole));
});

test.each(unneeded)('the client of DynamoDB has middleware with the tag %s, which the table does without', (tag) => {
  expect(new DynamoDBClient({ region: 'us-east-1' }).middlewareStack.removeByTag(tag)).toBe(true);
});

test.each(Object.keys(standIns))('there is a module %s to leave out', (module) => {
  expect(existsSync(join(root, 'node_modules', module))).toBe(true);
});
