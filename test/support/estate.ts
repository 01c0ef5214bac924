import { randomBytes } from 'node:crypto';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Hono } from 'hono';
import { makeSilentTable } from '#infra/local/database.ts';
import { app as rpc } from '#infra/operations.ts';
import { receiveRaw } from '#lib/auth/received.ts';
import { signAcs3 } from '#lib/auth/sign.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';
import type { Env } from '#lib/pipeline/middleware.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { type LogRecord, type Ports, systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { REFUSED } from '#lib/store/once.ts';
import { commit, type Write } from '#lib/table/commit.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { noteRefusal } from '#test/support/refusalLog.ts';
import { type SentRequest, watchRequests } from '#test/support/requests.ts';

/** Whose key signs a call. */
export interface Signer {
  readonly uid: number;
  readonly keyId: string;
  readonly secret: string;
}

/** An answer; `body` is the JSON as sent. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape.
  readonly body: any;
}

export type Params = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

/** An empty table, accounts to fill it, and the real app to call. */
export interface Estate {
  readonly deps: Deps;
  readonly tableName: string;
  readonly operator: Signer;
  readonly logged: LogRecord[];
  /** Every request to DynamoDB since the estate was made. */
  readonly requests: SentRequest[];
  /** Turns the domain's clock. */
  advance(ms: number): void;
  nowMs(): number;
  account(legalName: string, uid?: number): Promise<Signer>;
  /** Several accounts at once: legal names by role. */
  accounts<Role extends string>(legalNames: Readonly<Record<Role, string>>): Promise<Record<Role, Signer>>;
  /** Calls an operation of bss, or of operator if an operator signs, signed with ACS3. */
  call(signer: Signer, action: string, params?: Params): Promise<Answer>;
  /** Sends any request, to this process unless another is given. */
  send(path: string, init?: RequestInit, process?: Deps): Promise<Response>;
  /** Another process over the same table, which remembers nothing. */
  anotherProcess(): Deps;
  /** Every row of the table, in the order of their keys, but those that only say that a call was refused. */
  dump(): Promise<Record<string, unknown>[]>;
}

/** The master key of every estate. */
export const masterKey = Buffer.alloc(32, 7);

const FIRST_UID = 1_500_000_000_000_000;

/** Makes an estate. Tests of a file share one embedded DynamoDB, never a table. */
export async function newEstate(overrides: Partial<Ports> = {}, engineEndpoint?: string): Promise<Estate> {
  const { signers: _, ...estate } = await newPeopledEstate({}, overrides, engineEndpoint);
  return estate;
}

/** The same with several accounts from the beginning, which is one transaction less: legal names by role. */
export async function newPeopledEstate<Role extends string>(
  legalNames: Readonly<Record<Role, string>>,
  overrides: Partial<Ports> = {},
  engineEndpoint?: string,
): Promise<Estate & { readonly signers: Record<Role, Signer> }> {
  const endpoint = engineEndpoint ?? (await testEndpoint());
  const tableName = `test-${randomBytes(8).toString('hex')}`;
  const client = engineClient(endpoint);
  await makeSilentTable(client, tableName);
  const requests = watchRequests(client);
  // A client for the test's own reads, which do not count as the estate's round trips.
  let bystander: DynamoDBDocumentClient | undefined;
  const logged: LogRecord[] = [];
  let offsetMs = 0;
  let accounts = 0;
  const now = () => Date.now() + offsetMs;
  const log = (record: LogRecord) => {
    noteRefusal(record);
    logged.push(record);
  };
  const ports = { ...systemPorts, now, log, ...overrides };
  // On a busy machine a call may be late that would not be anywhere else.
  const anotherProcess = () => openDeps({ client, tableName, masterKey, ports, callMs: 60_000 });
  const deps = anotherProcess();
  const save = (write: Write) => commit(deps.table, write);

  const keyed = (uid: number): { signer: Signer; write: Write } => {
    const keyId = ports.ids.accessKeyId();
    const write = issue({ keyId, uid: uid || undefined, active: true, createdAtMs: ports.now() });
    return { signer: { uid, keyId, secret: deps.keyring.derive(keyId) }, write };
  };
  const registered = (legalName: string, uid: number): ReturnType<typeof keyed> => {
    const { signer, write } = keyed(uid);
    const account = register({ uid, name: `login${uid}@test`, legalName, createdAtMs: ports.now() }, 'given');
    // The check for the account is left out, because account and key are written together.
    return { signer, write: [...account, ...write.filter(({ action }) => !('ConditionCheck' in action))] };
  };
  const registeredAll = <Named extends string>(names: Readonly<Record<Named, string>>) => {
    const all = Object.entries<string>(names).map(([role, legalName]) => {
      const { signer, write } = registered(legalName, FIRST_UID + ++accounts);
      return { role, signer, write };
    });
    return { signers: byRole<Named>(all), write: all.flatMap(({ write }) => write) };
  };
  const operator = keyed(0);
  const first = registeredAll(legalNames);
  await save([...operator.write, ...first.write]);
  const send: Estate['send'] = (path, init, process = deps) => answerTo(path, init, process);

  return {
    signers: first.signers,
    deps,
    tableName,
    operator: operator.signer,
    logged,
    requests,
    advance: (ms) => {
      offsetMs += ms;
    },
    nowMs: now,
    async account(legalName, uid = FIRST_UID + ++accounts) {
      const { signer, write } = registered(legalName, uid);
      await save(write);
      return signer;
    },
    async accounts(names) {
      const { signers, write } = registeredAll(names);
      await save(write);
      return signers;
    },
    async call(by, action, params = {}) {
      const version = by.uid === 0 ? '2026-01-01' : '2017-12-14';
      const response = await send(...signedCall(by, action, version, params));
      return { status: response.status, body: await response.json() };
    },
    send,
    anotherProcess,
    async dump() {
      bystander ??= engineClient(endpoint);
      const { Items = [] } = await bystander.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
      const keyOf = ({ pk, sk }: Record<string, unknown>) => `${pk} ${sk}`;
      const told = Items.filter(({ attempt }) => attempt !== REFUSED);
      return told.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    },
  };
}

/** Has the door of all operations, or another app, answer a request, which may be one that the Fetch API itself would not send. */
export async function answerTo(
  path: string,
  init: RequestInit | undefined,
  deps: Deps,
  app: Hono<Env> = rpc,
): Promise<Response> {
  const { method = 'GET' } = init ?? {};
  const sent = new Response(init?.body);
  const headers = new Headers(sent.headers);
  for (const [name, value] of new Headers(init?.headers)) headers.set(name, value);
  const body = new Uint8Array(await sent.arrayBuffer());
  return responseOf(await answerOf(app, receiveRaw({ method, url: path, headers, body }, '203.0.113.7'), deps));
}

/** An answer as a response of the Fetch API, which tests read it by. */
export function responseOf({ body, headers, status }: Rendered): Response {
  return new Response(body, { status, headers });
}

/** By construction, the roles are those that were asked for. */
function byRole<Role extends string>(all: readonly { role: string; signer: Signer }[]): Record<Role, Signer> {
  return Object.fromEntries(all.map(({ role, signer }) => [role, signer])) as Record<Role, Signer>;
}

/** A call as the vendor's SDK sends it: parameters in the query, no body, ACS3 in the headers. */
export function signedCall(
  { keyId, secret }: Signer,
  action: string,
  version: string,
  params: Params,
): [path: string, init: { method: 'POST'; headers: Record<string, string> }] {
  const path = `/?${queryOf(params)}`;
  const nonce = randomBytes(16).toString('hex');
  const headers = { host: 'tributary.test' };
  const body = new Uint8Array();
  const signed = { method: 'POST', url: path, headers, body, keyId, secret, action, version, nonce, nowMs: Date.now() };
  return [path, { method: 'POST', headers: { ...headers, ...signAcs3(signed) } }];
}

/** Parameters in the vendor's flattened form: lists become `Name.1`, `Name.2`; undefined ones are left out. */
export function queryOf(params: Params): string {
  const pairs = Object.entries(params).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.map((member, index) => [`${name}.${index + 1}`, String(member)]);
    return [[name, String(value)]];
  });
  return new URLSearchParams(pairs).toString();
}
